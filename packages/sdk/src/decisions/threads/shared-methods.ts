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

/** Libraries change these for a moment: how many lines of its stack an error has, and how they are written. */
const passing = ["stackTraceLimit", "prepareStackTrace"] as const;

/** The methods of what can't be frozen, as they were when the code of a thread had been loaded. */
export class SharedMethods {
  readonly #methods: readonly Method[];
  readonly #passing = passing.map((key) => [key, Error[key]] as const);

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
   * Whoever ran since the last time is whose doing it was. How stacks are written is set back without a word.
   *
   * @returns the name of the first one that is another now, as `RegExp.prototype.exec`
   */
  touched(): string | undefined {
    for (const [key, value] of this.#passing) if (!isSetBack(key, value)) return `Error.${key}`;
    for (const { owner, key, name, value } of this.#methods) if (isAnother(owner, key, value)) return name;
    return undefined;
  }
}

function isAnother(owner: object, key: PropertyKey, value: unknown): boolean {
  try {
    return Reflect.get(owner, key) !== value;
  } catch {
    // There is a getter now, which throws.
    return true;
  }
}

function isSetBack(key: (typeof passing)[number], value: unknown): boolean {
  if (!isAnother(Error, key, value)) return true;
  return Reflect.defineProperty(Error, key, { value, writable: true, enumerable: true, configurable: true });
}
