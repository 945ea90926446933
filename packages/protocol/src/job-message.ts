import { z } from "zod";
import * as f from "./fields.ts";
import { keptAsItIs } from "./kept-as-it-is.ts";

/** One attempt, on its way to a worker over `jobs-<jobType>`. */
export const jobMessage = z.object({
  runId: f.runId,
  workflow: z.string(),
  jobId: f.localId,
  jobType: f.name,
  attempt: f.attempt,
  idempotencyKey: z.string(),
  input: f.payload,
  heartbeatMs: z.number().optional(),
  startToCloseMs: z.number().optional(),
  startBy: f.time.optional(),
  careful: z.literal(true).optional(),
});

export type JobMessage = z.infer<typeof jobMessage>;

export function encodeJobMessage(message: JobMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

const isJobMessage = keptAsItIs(jobMessage) as (json: unknown) => json is JobMessage;

/** @throws Error that says what is wrong with the message */
export function parseJobMessage(bytes: Uint8Array): JobMessage {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const json: unknown = JSON.parse(text);
  return isJobMessage(json) ? json : jobMessage.parse(json);
}
