import type { Clock } from "@downbeat/message-log";
import { setLongTimer } from "./long-timer.ts";

/** Whether the promise settles within the time. It is not ended when it does not. */
export function within(clock: Clock, ms: number, promise: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = setLongTimer(clock, () => resolve(false), ms);
    const settled = (): void => {
      cancel();
      resolve(true);
    };
    promise.then(settled, settled);
  });
}
