import { PayloadError } from "./payload.ts";
import { ownCodeThrew } from "./unreadable.ts";

/** What code came to; in a box, as a promise looks for a `then` of whatever it resolves with, and that may be the author's own. */
export type Returned = { readonly value: unknown } | { readonly unreadable: string };

/**
 * What code returns, or what the promise or thenable that it returns resolves with. Rejects with what it throws.
 *
 * What an `async` function returns is looked at before anybody here sees it: what a `then` of its own throws there is as good as thrown by the function.
 */
export async function returnedBy(run: () => unknown): Promise<Returned> {
  return settled(run());
}

/**
 * @param what begins the sentence of the error, e.g. "The output"
 * @throws PayloadError for what can't be read
 */
export function readOf(returned: Returned, what: string): unknown {
  if ("value" in returned) return returned.value;
  throw new PayloadError(`${what} can't be written as JSON: ${returned.unreadable}.`);
}

async function settled(given: unknown): Promise<Returned> {
  let then: unknown;
  try {
    then = thenOf(given);
  } catch (error) {
    return { unreadable: `it ${ownCodeThrew(error)}` };
  }
  if (typeof then !== "function") return { value: given };
  const call = then;
  // As the language calls it, after what is under way.
  await undefined;
  return new Promise((resolve, reject) => {
    try {
      Reflect.apply(call, given, [(value: unknown) => resolve(settled(value)), reject]);
    } catch (error) {
      resolve({ unreadable: `its then() ${ownCodeThrew(error)}` });
    }
  });
}

function thenOf(value: unknown): unknown {
  return (typeof value === "object" && value !== null) || typeof value === "function"
    ? Reflect.get(value, "then")
    : undefined;
}
