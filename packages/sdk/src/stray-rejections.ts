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

let routed = 0;

/**
 * While a test environment is open: what it reports, no other listener hears. Test runners have one, and would fail the test that expects it.
 *
 * @returns ends it
 */
export function keepStrays(): () => void {
  if (routed++ === 0) {
    const { emit } = process;
    const kept = (name: string | symbol, ...given: readonly unknown[]): boolean => {
      if (name !== "unhandledRejection" || runningCode.getStore()?.onStray === undefined)
        return Reflect.apply(emit, process, [name, ...given]);
      hear(given[0]);
      return true;
    };
    process.emit = kept as typeof process.emit;
    giveBack = () => {
      if (process.emit === (kept as typeof process.emit)) process.emit = emit;
    };
  }
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    if (--routed === 0) giveBack();
  };
}

let giveBack: () => void = () => {};

const passing: RunningCode = { onStray: (_: unknown): void => {} };
