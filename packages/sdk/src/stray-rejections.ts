import { AsyncLocalStorage } from "node:async_hooks";

/** Hears of a rejection in a user's code that the code itself never looked at. */
export type OnStray = (reason: unknown) => void;

const inside = new AsyncLocalStorage<OnStray>();
let listening = false;

/**
 * Runs a user's code so that a promise it leaves behind rejected can't end the process: a branch that nobody awaited is no
 * reason to take all other runs along. Rejections from anywhere else keep ending it, as Node does without a listener.
 */
export function containStrays<T>(onStray: OnStray, code: () => T): T {
  listen();
  return inside.run(onStray, code);
}

/** The same for code that is only asked in passing, as a schema or a getter: whoever runs the code around it hears, or nobody. */
export function containPassing<T>(code: () => T): T {
  if (inside.getStore() !== undefined) return code();
  return containStrays(ignore, code);
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.on("unhandledRejection", hear);
}

function hear(reason: unknown): void {
  const onStray = inside.getStore();
  if (onStray === undefined) {
    if (process.listenerCount("unhandledRejection") === 1) throw reason;
    return;
  }
  try {
    onStray(reason);
  } catch {
    // Who hears of it can't be told that hearing failed.
  }
}

function ignore(): void {}
