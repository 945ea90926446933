import { setImmediate } from "node:timers";

/** Kept before a test runner can put a timer of its own in its place: what is waited for in a test must go on all the same. */
const immediate = setImmediate;

/** Calls back in the next turn of the event loop. */
export function nextTurn(callback: () => void): void {
  immediate(callback);
}
