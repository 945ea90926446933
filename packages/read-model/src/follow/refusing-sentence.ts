import type { RefusingTopic } from "../answer-views.ts";

const mostNamed = 3;

/** What can't be sent, for people; `undefined` when everything can. */
export function refusingSentence(refusing: readonly RefusingTopic[]): string | undefined {
  if (refusing.length === 0) return undefined;
  const named = refusing.slice(0, mostNamed).map(({ topic, reason }) => `${topic}: ${reason}`);
  const more = refusing.length - named.length;
  const others = more > 0 ? ` So it is with ${more} more.` : "";
  return `Nothing can be sent to a topic, and what belongs there waits; everything else goes on. ${named.join(" ")}${others}`;
}
