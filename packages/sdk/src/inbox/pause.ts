import { type Clock, LogError } from "@downbeat/message-log";

/** Rejects when it is stopped meanwhile. */
export function pause(clock: Clock, delayMs: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = (): void => {
      cancel();
      reject(new LogError("closed", "Closed before the log could be reached."));
    };
    const cancel = clock.setTimer(() => {
      stop.removeEventListener("abort", closed);
      resolve();
    }, delayMs);
    if (stop.aborted) closed();
    else stop.addEventListener("abort", closed, { once: true });
  });
}
