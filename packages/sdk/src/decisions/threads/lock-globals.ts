import { type MessagePort, parentPort } from "node:worker_threads";

/** What everything in a thread is made of, the SDK included. */
const names = [
  ...["Object", "Function", "Array", "String", "Number", "Boolean", "Symbol", "BigInt", "RegExp"],
  ...["Error", "TypeError", "RangeError", "Promise", "Map", "Set", "WeakMap", "WeakSet", "WeakRef"],
  ...["Date", "Math", "JSON", "Reflect", "Proxy", "queueMicrotask", "structuredClone", "globalThis"],
];

/**
 * Keeps the code of one run from taking away what the code of others needs: once modules are loaded, none of these can be replaced any more, and the thread's way to
 * its worker can't be closed. Whoever tries gets an error where it does.
 */
export function lockGlobals(): void {
  for (const name of names) {
    const own = Object.getOwnPropertyDescriptor(globalThis, name);
    if (own?.configurable === true && "value" in own)
      Object.defineProperty(globalThis, name, { ...own, writable: false, configurable: false });
  }
  if (parentPort !== null) lockPort(parentPort);
}

/** Neither it can be closed nor what hears it taken away. */
export function lockPort(port: MessagePort): void {
  for (const name of ["close", "removeAllListeners"])
    Object.defineProperty(port, name, { value: refuse, writable: false, configurable: false });
}

function refuse(): never {
  throw new Error("Workflow code can't close the way between its thread and the worker.");
}
