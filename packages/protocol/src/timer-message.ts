import { z } from "zod";
import * as f from "./fields.ts";

/** Delayed messages are set no further ahead than this, ms; the timer arms them again for the rest. A far-away one would pin the log's segments. */
export const longestDelayMs = 3_600_000;

/** Wake-up for one timer. Delivered at `wakeAt` at the earliest; when that is before `dueAt`, it is armed again for the rest. */
export const timerMessage = z.object({
  runId: f.runId,
  timerId: f.localId,
  generation: z.number().int().min(1),
  dueAt: f.time,
});

export type TimerMessage = z.infer<typeof timerMessage>;

export function encodeTimerMessage(message: TimerMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** @throws Error that says what is wrong with the message */
export function parseTimerMessage(bytes: Uint8Array): TimerMessage {
  return timerMessage.parse(
    JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")),
  );
}
