import { type RunningCode, runningCode } from "./running-code.ts";

let listening = false;

/**
 * Runs a user's code so that a promise it leaves behind rejected can't end the process: a branch that nobody awaited is no
 * reason to take all other runs along. Rejections from anywhere else keep ending it, as Node does without a listener.
 */
export function containStrays<T>(code: RunningCode, run: () => T): T {
  listen();
  return runningCode.run(code, run);
}

/** The same for code that is only asked in passing, as a schema or a getter: whoever runs the code around it hears, or nobody. */
export function containPassing<T>(run: () => T): T {
  if (runningCode.getStore() !== undefined) return run();
  return containStrays(passing, run);
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.on("unhandledRejection", hear);
}

function hear(reason: unknown): void {
  const onStray = runningCode.getStore()?.onStray;
  if (onStray === undefined) {
    if (process.listenerCount("unhandledRejection") === 1) throw reason;
    return;
  }
  try {
    runningCode.run(undefined, onStray, reason);
  } catch {
    // Who hears of it can't be told that hearing failed.
  }
}

const passing: RunningCode = { onStray: (_: unknown): void => {} };
