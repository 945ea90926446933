import { Combining } from "./combining.ts";

/** What stands behind a promise that is followed: told when it is looked at, and when a use of it has come to its end. */
export interface Followed {
  readonly used: () => void;
  readonly useEnded: () => void;
}

type Executor<T> = (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: unknown) => void) => void;
type OnFulfilled<T, R> = ((value: T) => R | PromiseLike<R>) | null | undefined;
type OnRejected<R> = ((reason: unknown) => R | PromiseLike<R>) | null | undefined;

/** What a combinator subscribes to is its result's use, and not one of its own. */
const combining = new Combining<FollowedPromise<unknown>>();

/**
 * A promise that knows whether anybody still wants its value. It is wanted while nobody has used it (that may come), while somebody awaits it, and while a
 * promise that was made of it, by `then` or by a combinator such as `Promise.race`, isn't settled and is wanted itself. So one that was raced and lost is not
 * wanted any more, until it is used again.
 */
export class FollowedPromise<T> extends Promise<T> {
  /** So that what is made of it is followed too. */
  static override get [Symbol.species](): PromiseConstructor {
    return FollowedPromise;
  }

  readonly #state: { isSettled: boolean; onSettled: () => void };
  readonly #madeOf: FollowedPromise<unknown>[] = [];
  #uses: FollowedPromise<unknown>[] = [];
  #wasUsed = false;
  #followed: Followed | undefined;

  constructor(executor: Executor<T>) {
    const state = { isSettled: false, onSettled: (): void => {} };
    const settled = (): void => {
      if (state.isSettled) return;
      state.isSettled = true;
      state.onSettled();
    };
    super((resolve, reject) =>
      executor(
        (value) => {
          resolve(value);
          settled();
        },
        (reason) => {
          reject(reason);
          settled();
        },
      ),
    );
    this.#state = state;
    state.onSettled = () => {
      for (const source of this.#madeOf) source.#useEnded();
    };
  }

  static followedBy<T>(followed: Followed, executor: Executor<T>): FollowedPromise<T> {
    const promise = new FollowedPromise(executor);
    promise.#followed = followed;
    return promise;
  }

  get isWanted(): boolean {
    if (this.#state.isSettled) return false;
    this.#uses = this.#uses.filter((use) => !use.#state.isSettled);
    return this.#wasUsed ? this.#uses.some((use) => use.isWanted) : true;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise, and who looks at it is what it has to know
  override then<A = T, B = never>(
    onFulfilled?: OnFulfilled<T, A>,
    onRejected?: OnRejected<B>,
  ): Promise<A | B> {
    const made = super.then(onFulfilled, onRejected);
    if (!combining.add(this) && made instanceof FollowedPromise) this.#useBy(made);
    return made;
  }

  /** As `catch`, by the library itself: it wants nothing. */
  unheard(): void {
    super.then(undefined, () => {});
  }

  /** @param combine one of the combinators at work */
  static combined(combine: () => Promise<unknown>): Promise<unknown> {
    const { result, items } = combining.of(combine);
    if (items.length === 0) return result;
    const followed = new FollowedPromise<unknown>((resolve, reject) => void result.then(resolve, reject));
    for (const item of items) item.#useBy(followed);
    return followed;
  }

  #useBy(use: FollowedPromise<unknown>): void {
    if (this.#state.isSettled) return;
    this.#wasUsed = true;
    this.#uses.push(use);
    use.#madeOf.push(this);
    this.#used();
  }

  #used(): void {
    if (this.#state.isSettled) return;
    this.#followed?.used();
    for (const source of this.#madeOf) source.#used();
  }

  #useEnded(): void {
    if (this.#state.isSettled) return;
    this.#followed?.useEnded();
    for (const source of this.#madeOf) source.#useEnded();
  }
}
