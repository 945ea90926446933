import type { ActionTarget } from "./target.ts";

const mostNamed = 3;

/** What is acted on, so that a slip of the eye is noticed before the click: runs, and the business keys that say whose they are. */
export function targetWords(targets: readonly ActionTarget[]): readonly string[] {
  const named = targets.slice(0, mostNamed).map(({ runId, labels = {} }) => {
    const keys = Object.entries(labels).map(([key, value]) => `${key} ${value}`);
    return [runId, ...keys].join(" · ");
  });
  const more = targets.length - named.length;
  return more > 0 ? [...named, `and ${more} more`] : named;
}
