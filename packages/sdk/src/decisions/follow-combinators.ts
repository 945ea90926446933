import { FollowedPromise } from "./followed-promise.ts";
import { TimerPromise } from "./timer-promise.ts";

const combinators = ["all", "allSettled", "any", "race"] as const;
type OfPromises = (this: PromiseConstructor, items: Iterable<unknown>) => Promise<unknown>;
type OfValue = (this: PromiseConstructor, value: unknown) => Promise<unknown>;

let isFollowing = false;

/**
 * Lets `Promise.race` and its like say what they make of promises that are followed. Nothing else in the language tells that a race is over, and for whom it
 * was lost. They do what they always did, to the order in which they read what they are given; only where a followed promise was among it the result is a
 * followed one too.
 */
export function followCombinators(): void {
  if (isFollowing) return;
  isFollowing = true;
  for (const name of combinators) replace(name, (original: OfPromises) => following(name, original));
  replace("resolve", passingOn);
}

function replace<F>(name: (typeof combinators)[number] | "resolve", make: (original: F) => F): void {
  const own = Object.getOwnPropertyDescriptor(Promise, name);
  if (own?.writable === true) Object.defineProperty(Promise, name, { ...own, value: make(own.value) });
}

// Methods, since such functions are no constructors either; and named as what they stand for.

function following(name: (typeof combinators)[number], original: OfPromises): OfPromises {
  const { [name]: combinator = original } = {
    [name](this: PromiseConstructor, items: Iterable<unknown>): Promise<unknown> {
      if (this !== Promise) return original.call(this, items);
      return FollowedPromise.combined(() => TimerPromise.combined(() => original.call(this, items)));
    },
  };
  return combinator;
}

/** A native promise is given back as it is; so is one of ours, though its constructor is another. */
function passingOn(original: OfValue): OfValue {
  return {
    resolve(this: PromiseConstructor, value: unknown): Promise<unknown> {
      return this === Promise && value instanceof FollowedPromise ? value : original.call(this, value);
    },
  }.resolve;
}
