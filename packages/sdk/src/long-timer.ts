import type { Clock } from "@downbeat/message-log";

/** Node's timers hold 24.8 days; what is longer is waited for in parts. */
const longestPartMs = 7 * 86_400_000;

/** Calls back once, after so long a time as it may be. The result cancels. */
export function setLongTimer(clock: Clock, callback: () => void, delayMs: number): () => void {
  let cancel = (): void => {};
  const wait = (leftMs: number): void => {
    const partMs = Math.min(leftMs, longestPartMs);
    cancel = clock.setTimer(() => {
      if (leftMs > partMs) wait(leftMs - partMs);
      else callback();
    }, partMs);
  };
  wait(delayMs);
  return () => cancel();
}
