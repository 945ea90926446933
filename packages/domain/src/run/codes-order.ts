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
  let next = 0;
  for (let index = 0; index < events.length; index++) {
    const answer = events[index]?.event;
    if (answer?.type !== "CodeAnswered") continue;
    const isHeard = (one: T | undefined) => one !== undefined && one.seq <= answer.upTo;
    while (next < index && isHeard(events[next])) ordered.push(events[next++] as T);
    const meanwhile = events.slice(next, index);
    const end = endOfRequests(events, index + 1);
    for (let at = index; at < end; at++) ordered.push(events[at] as T);
    for (const one of meanwhile) ordered.push(one);
    next = end;
    index = end - 1;
  }
  while (next < events.length) ordered.push(events[next++] as T);
  return ordered;
}

/** What an answer asks for ends where the code may hear of something. */
function endOfRequests(events: readonly { readonly event: RunEvent }[], from: number): number {
  for (let index = from; index < events.length; index++) {
    const event = events[index]?.event;
    if (event === undefined || event.type === "CodeAnswered" || wakesCode(event)) return index;
  }
  return events.length;
}
