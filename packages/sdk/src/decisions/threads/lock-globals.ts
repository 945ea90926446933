import { MessagePort, parentPort } from "node:worker_threads";

/** What Node and the language bring: taken when this module is loaded, before any code of others is. */
const names = Object.getOwnPropertyNames(globalThis);

/**
 * Keeps the code of one run from taking away what the code of others needs: once modules are loaded, no global name can be given another value, nor any method of
 * `console`, and the thread's way to its worker can't be closed. Whoever tries gets an error where it does.
 */
export function lockGlobals(): void {
  for (const name of names) lock(globalThis, name);
  for (const name of given) fix(name);
  for (const name of Object.getOwnPropertyNames(console)) lock(console, name);
  if (parentPort !== null) {
    lockPort(parentPort);
    keepFrom(parentPort);
  }
}

/** Node gives these by getters that somebody may replace. */
const given = ["process", "Buffer", "performance", "crypto"];

function fix(name: string): void {
  const value: unknown = Reflect.get(globalThis, name);
  Object.defineProperty(globalThis, name, { value, writable: false, configurable: false });
}

/** Other getters stay: Node itself puts the value in its place when it is read for the first time. */
function lock(owner: object, name: string): void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  if (own?.configurable === true && "value" in own)
    Object.defineProperty(owner, name, { ...own, writable: false, configurable: false });
}

/** Neither it can be closed, nor what hears it taken away, nor anything said over it by others. */
export function lockPort(port: MessagePort): void {
  for (const name of ["close", "removeAllListeners", "postMessage"])
    Object.defineProperty(port, name, { value: refuse, writable: false, configurable: false });
}

/** What all ports have sends nothing over this one either. */
function keepFrom(port: MessagePort): void {
  const { postMessage } = MessagePort.prototype;
  const value = function (this: MessagePort, ...given: Parameters<typeof postMessage>): void {
    if (this === port) refuse();
    postMessage.apply(this, given);
  };
  Object.defineProperty(MessagePort.prototype, "postMessage", {
    value,
    writable: false,
    configurable: false,
  });
}

function refuse(): never {
  throw new Error("Workflow code can't use the way between its thread and the worker.");
}
