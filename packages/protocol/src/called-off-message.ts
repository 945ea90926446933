import { z } from "zod";
import * as f from "./fields.ts";
import { keptAsItIs } from "./kept-as-it-is.ts";

/** Nobody waits for the attempt any more, over `called-off` to all workers. */
export const calledOffMessage = z.object({
  runId: f.runId,
  jobId: f.localId,
  jobType: f.name,
  attempt: f.attempt,
  /** A word that came later is read as any other. */
  because: z.string().max(100),
});

export type CalledOffMessage = z.infer<typeof calledOffMessage>;

export function encodeCalledOffMessage(message: CalledOffMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

const isCalledOffMessage = keptAsItIs(calledOffMessage) as (json: unknown) => json is CalledOffMessage;

/** @throws Error that says what is wrong with the message */
export function parseCalledOffMessage(bytes: Uint8Array): CalledOffMessage {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const json: unknown = JSON.parse(text);
  return isCalledOffMessage(json) ? json : calledOffMessage.parse(json);
}
