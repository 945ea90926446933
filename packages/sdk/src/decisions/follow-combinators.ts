import { FollowedPromise } from "./followed-promise.ts";

const combinators = ["all", "allSettled", "any", "race"] as const;
type Combinator = (this: PromiseConstructor, items: Iterable<unknown>) => Promise<unknown>;

let isFollowing = false;

/**
 * Lets `Promise.race` and its like say what they make of promises that are followed. Nothing else in the language tells that a race is over, and for whom it
 * was lost. For everything else they stay what they are.
 */
export function followCombinators(): void {
  if (isFollowing) return;
  isFollowing = true;
  for (const name of combinators) {
    const own = Object.getOwnPropertyDescriptor(Promise, name);
    if (own?.writable !== true) continue;
    const original: Combinator = Promise[name];
    Object.defineProperty(Promise, name, { ...own, value: following(name, original) });
  }
}

function following(name: (typeof combinators)[number], original: Combinator): Combinator {
  const { [name]: combinator } = {
    [name](this: PromiseConstructor, iterable: Iterable<unknown>): Promise<unknown> {
      if (this !== Promise) return original.call(this, iterable);
      let items: unknown[];
      try {
        items = [...iterable];
      } catch (error) {
        return Promise.reject(error);
      }
      if (!items.some(isFollowed)) return original.call(this, items);
      return FollowedPromise.combined(items, () => original.call(FollowedPromise, items));
    },
  };
  return combinator ?? original;
}

function isFollowed(item: unknown): boolean {
  return item instanceof FollowedPromise;
}
