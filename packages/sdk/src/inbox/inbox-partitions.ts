import { type Clock, LogError, type MessageLog } from "@downbeat/message-log";
import { asError } from "../thrown/as-error.ts";
import { pause } from "./pause.ts";

/** Asks for the number of inbox partitions until the log can be reached and an engine has set it up. */
export async function inboxPartitions(
  log: MessageLog,
  clock: Clock,
  given: { readonly stop: AbortSignal; readonly onRetry: (reason: Error) => void },
): Promise<number> {
  for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 5_000)) {
    const reason = await ask(log);
    if (typeof reason === "number") return reason;
    given.onRetry(reason);
    await pause(clock, delayMs, given.stop);
  }
}

async function ask(log: MessageLog): Promise<number | Error> {
  try {
    const partitions = await log.partitionsOf("inbox");
    if (partitions > 0) return partitions;
    return new LogError("unavailable", "The log has no inbox yet: no engine has been started on it.");
  } catch (error) {
    if (error instanceof LogError && (error.code === "invalid" || error.code === "closed")) throw error;
    return asError(error);
  }
}
