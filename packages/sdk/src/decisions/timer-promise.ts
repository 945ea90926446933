import { inspect } from "node:util";
import { Combining } from "./combining.ts";

const combining = new Combining<TimerPromise<unknown>>();

/**
 * The promise of a sleep, which knows when the code surely waits for it no more: it was in races, all of them are over, and nothing else has looked at it.
 * `await`, `then` and the combinators all ask a promise for its constructor first; in everything else it is a promise like any other, to the order in which things happen.
 */
export class TimerPromise<T> extends Promise<T> {
  #isLookedAt = false;
  /** What the combinators made of it. */
  readonly #combinations: Promise<unknown>[] = [];

  static {
    Object.defineProperty(TimerPromise.prototype, "constructor", {
      configurable: true,
      get(this: object): unknown {
        if (#isLookedAt in this && !combining.isAtWork) this.#isLookedAt = true;
        return Promise;
      },
    });
  }

  static open(): {
    readonly promise: TimerPromise<unknown>;
    readonly resolve: (value: unknown) => void;
    readonly reject: (error: Error) => void;
  } {
    let resolve: (value: unknown) => void = () => {};
    let reject: (error: Error) => void = () => {};
    const promise = new TimerPromise<unknown>((...ends) => {
      [resolve, reject] = ends;
    });
    return { promise, resolve, reject };
  }

  get isWanted(): boolean {
    if (this.#isLookedAt || this.#combinations.length === 0) return true;
    return this.#combinations.some(isPending);
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise, and which combinator looks at it is what it has to know
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    combining.add(this);
    return super.then(onFulfilled, onRejected);
  }

  /** As `catch`, by the library itself, which doesn't count. */
  unheard(): void {
    this.catch(() => {});
    this.#isLookedAt = false;
  }

  /** @param combine one of the combinators at work */
  static combined(combine: () => Promise<unknown>): Promise<unknown> {
    const { result, items } = combining.of(combine);
    for (const item of items) item.#combinations.push(result);
    return result;
  }
}

/** Without subscribing to it, as that would hide a rejection which nobody takes. */
function isPending(promise: Promise<unknown>): boolean {
  return /^[^{]*\{ <pending>/.test(inspect(promise, { depth: 0, customInspect: false }));
}
