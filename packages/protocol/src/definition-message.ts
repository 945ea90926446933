import { z } from "zod";
import { announcedSchema, definitionId, leftOut } from "./announced-schema.ts";
import * as f from "./fields.ts";
import { parseJson } from "./parse-json.ts";

const schemas = {
  build: f.shortText,
  /** Workers say of what they host which definition it is. */
  definition: definitionId.optional(),
  /** JSON Schema of what it takes and gives, where that can be said so. */
  input: announcedSchema.optional(),
  output: announcedSchema.optional(),
  leftOut: z.array(leftOut).max(1_000).optional(),
};

/** A workflow that a worker hosts, at that worker's start. The last one counts, also when its worker has gone. */
export const workflowMessage = z.object({
  workflow: f.name,
  ...schemas,
  /** By the names of the signals that its code waits for. */
  signals: z.record(f.shortText, announcedSchema).optional(),
});

/** The same of a kind of jobs that a worker does. */
export const jobTypeMessage = z.object({ jobType: f.name, ...schemas });

export type WorkflowMessage = z.infer<typeof workflowMessage>;
export type JobTypeMessage = z.infer<typeof jobTypeMessage>;
export type DefinitionMessage = WorkflowMessage | JobTypeMessage;

const definitionMessage = z.union([workflowMessage, jobTypeMessage]);

export function encodeDefinitionMessage(message: DefinitionMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** Key of the message in the log, which keeps the newest of a key: workers of two builds are there at once, and what each of them takes is to be known. */
export function definitionKey(message: DefinitionMessage): string {
  const name = "workflow" in message ? message.workflow : `job/${message.jobType}`;
  return message.definition === undefined ? name : `${name}@${message.definition}`;
}

/** `undefined` for bytes that are no such message. */
export function parseDefinitionMessage(bytes: Uint8Array): DefinitionMessage | undefined {
  return parseJson<DefinitionMessage>(definitionMessage, bytes);
}
