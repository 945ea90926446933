import type { Failure } from "../failure.ts";
import { put, size } from "../ordered-map.ts";
import type { Labels } from "./events.ts";
import type { OpenRun } from "./state.ts";

/** Labels that one run may have. */
export const maxLabels = 20;

export function withNames(names: OpenRun["labelNames"], labels: Labels): OpenRun["labelNames"] {
  return Object.keys(labels).reduce<OpenRun["labelNames"]>((all, name) => put(all, name, true), names);
}

/** Why the code can't set these labels, for which its run gets stuck; nothing when it can. Runs that are older than the limit keep what they have. */
export function labelProblem(run: OpenRun, labels: Labels): Failure | undefined {
  const count = size(withNames(run.labelNames, labels));
  if (count <= maxLabels || count === size(run.labelNames)) return undefined;
  const message = `The run would have ${count} labels; the limit is ${maxLabels}, those of its start included. Set one of them again, or keep what is no label in the run's output.`;
  return { kind: "code", name: "TooManyLabels", message };
}
