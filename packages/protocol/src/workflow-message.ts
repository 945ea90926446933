import { z } from "zod";
import * as f from "./fields.ts";
import { parseJson } from "./parse-json.ts";

/** Characters of a schema as JSON; a longer one isn't announced. */
export const longestSchema = 32_768;

const schema = z
  .record(z.string(), z.unknown())
  .refine((value) => JSON.stringify(value).length <= longestSchema, `at most ${longestSchema} characters`);

/** A workflow that a worker hosts, at that worker's start; key = the workflow's name. The last one counts, also when its worker has gone. */
export const workflowMessage = z.object({
  workflow: f.name,
  build: f.shortText,
  /** JSON Schema of what it takes and gives, where that can be said so. */
  input: schema.optional(),
  output: schema.optional(),
});

export type WorkflowMessage = z.infer<typeof workflowMessage>;

export function encodeWorkflowMessage(message: WorkflowMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** `undefined` for bytes that are no such message. */
export function parseWorkflowMessage(bytes: Uint8Array): WorkflowMessage | undefined {
  return parseJson(workflowMessage, bytes);
}
