import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { MessagePort } from "node:worker_threads";

/** What all runs of a thread need and nobody can freeze, by its name: V8 gets slow with it, or Node gives it other methods itself. */
const owners: readonly (readonly [string, object])[] = [
  ["RegExp.prototype", RegExp.prototype],
  ["AsyncLocalStorage.prototype", AsyncLocalStorage.prototype],
  ["AsyncResource.prototype", AsyncResource.prototype],
  ["EventEmitter.prototype", EventEmitter.prototype],
  ["EventTarget.prototype", EventTarget.prototype],
  ["MessagePort.prototype", MessagePort.prototype],
  ["Buffer", Buffer],
  ["process", process],
];

interface Method {
  readonly owner: object;
  readonly key: PropertyKey;
  readonly name: string;
  readonly value: unknown;
}

/** The methods of what can't be frozen, as they were when the code of a thread had been loaded. */
export class SharedMethods {
  readonly #methods: readonly Method[];
  readonly #stackTraceLimit = Error.stackTraceLimit;
  readonly #prepareStackTrace = Error.prepareStackTrace;

  constructor() {
    this.#methods = owners.flatMap(([name, owner]) =>
      Reflect.ownKeys(owner).flatMap((key) => {
        const own = Object.getOwnPropertyDescriptor(owner, key);
        if (typeof own?.value !== "function" || own.configurable === false) return [];
        return [{ owner, key, name: `${name}.${String(key)}`, value: own.value }];
      }),
    );
  }

  /**
   * Whoever ran since the last time is whose doing it was. What an error's stack is to be like is set back without a word, as libraries change it for a moment.
   *
   * @returns the name of the first one that is another now, as `RegExp.prototype.exec`
   */
  touched(): string | undefined {
    if (Error.stackTraceLimit !== this.#stackTraceLimit) Error.stackTraceLimit = this.#stackTraceLimit;
    if (Error.prepareStackTrace !== this.#prepareStackTrace)
      Error.prepareStackTrace = this.#prepareStackTrace;
    for (const { owner, key, name, value } of this.#methods)
      if (Reflect.get(owner, key) !== value) return name;
    return undefined;
  }
}
