import type { ActionTarget } from "./target.ts";

/** What is acted on, so that a slip of the eye is noticed before the click: the run, and the business keys that say whose it is. */
export function targetWords({ runId, labels = {} }: ActionTarget): string {
  return [runId, ...Object.entries(labels).map(([key, value]) => `${key} ${value}`)].join(" · ");
}
