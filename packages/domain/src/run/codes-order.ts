import type { RunEvent } from "./events.ts";
import { wakesCode } from "./wakes-code.ts";

/**
 * Rule 33. The events in the order in which the run's code heard of them. Where it is asked through the log, things happen between a question and its answer: they come
 * before the answer in history, and the code hears of them after it. What it asks for must come before, as it did when it was asked: so a replay, code that
 * lives on, and code that is asked within the engine all see the same.
 *
 * @param events in history's order: all from the beginning, or from the first on that a counted answer had not heard of
 */
export function inCodesOrder<T extends { readonly seq: number; readonly event: RunEvent }>(
  events: readonly T[],
): readonly T[] {
  if (!events.some(({ event }) => event.type === "CodeAnswered")) return events;
  const ordered: T[] = [];
  /** What no answer has spoken of yet. */
  let next: T[] = [];
  /** What the answer had not heard of whose requests are gone through. */
  let meanwhile: T[] = [];
  let isRequest = false;
  const put = (all: readonly T[]) => {
    for (const one of all) ordered.push(one);
  };
  for (const one of events) {
    const { event } = one;
    if (event.type === "CodeAnswered") {
      const isHeard = ({ seq }: T) => seq <= event.upTo;
      put(meanwhile);
      put(next.filter(isHeard));
      meanwhile = next.filter((other) => !isHeard(other));
      next = [];
      ordered.push(one);
      isRequest = true;
    } else {
      // What an answer asks for ends where the code may hear of something.
      if (wakesCode(event)) isRequest = false;
      if (isRequest) ordered.push(one);
      else next.push(one);
    }
  }
  put(meanwhile);
  put(next);
  return ordered;
}
