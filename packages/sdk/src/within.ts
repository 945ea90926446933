import type { Clock } from "@downbeat/message-log";
import { setLongTimer } from "./long-timer.ts";

/**
 * Whether the promise settles within the time, and before it is stopped. It is not ended when it does not.
 *
 * @param ms `undefined` for as long as it takes
 */
export function within(
  clock: Clock,
  ms: number | undefined,
  promise: Promise<unknown>,
  stop?: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    const over = (isSettled: boolean): void => {
      cancel();
      stop?.removeEventListener("abort", stopped);
      resolve(isSettled);
    };
    const stopped = (): void => over(false);
    const settled = (): void => over(true);
    const cancel = ms === undefined ? () => {} : setLongTimer(clock, () => over(false), ms);
    promise.then(settled, settled);
    if (stop?.aborted === true) stopped();
    else stop?.addEventListener("abort", stopped);
  });
}
