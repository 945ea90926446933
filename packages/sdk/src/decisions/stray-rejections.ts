import { AsyncLocalStorage } from "node:async_hooks";

/** Hears of a rejection in workflow code that the code itself never looked at. */
export type OnStray = (reason: unknown) => void;

const inside = new AsyncLocalStorage<OnStray>();
let listening = false;

/**
 * Runs workflow code so that a promise it leaves behind rejected can't end the process: a branch that nobody awaited is no
 * reason to take all other runs along. Rejections from anywhere else keep ending it, as Node does without a listener.
 */
export function containStrays<T>(onStray: OnStray, code: () => T): T {
  if (!listening) {
    listening = true;
    process.on("unhandledRejection", hear);
  }
  return inside.run(onStray, code);
}

function hear(reason: unknown): void {
  const onStray = inside.getStore();
  if (onStray !== undefined) onStray(reason);
  else if (process.listenerCount("unhandledRejection") === 1) throw reason;
}
