import type { AttentionKind, AttentionList, AttentionTotals } from "@downbeat/api/views";
import { plural } from "../../lib/number.ts";

type Cause = AttentionList["groups"][number];

/** Something waits for what nobody does: there is nothing to retry, and it goes on when somebody is there. */
export function isWait(kind: AttentionKind): boolean {
  return kind === "noWorker" || kind === "noHost" || kind === "backlog" || kind === "held";
}

/** What a cause is about: what one looks for in a list of them. */
export function causeTitle({
  kind,
  jobType,
  workflow,
}: Pick<Cause, "kind" | "jobType" | "workflow">): string {
  if (jobType !== undefined) return jobType;
  if (kind === "held") return "Bulk action held";
  if (workflow !== undefined) return workflow;
  if (kind === "history") return "Damaged history";
  return kind === "undecided" ? "Engine" : "Workflow code";
}

/** How many of what: `1,254 jobs in 1,196 runs`, `3 runs`. */
export function causeSize({
  kind,
  jobType,
  count,
  runs,
}: Pick<Cause, "kind" | "jobType" | "count" | "runs">): string {
  if (kind === "undecided") return plural(count, "command");
  if (kind === "held") return plural(count, "bulk action");
  if (jobType === undefined) return plural(runs, "run");
  return count === runs ? `${plural(count, "job")}` : `${plural(count, "job")} in ${plural(runs, "run")}`;
}

/** What is set aside is no part of what needs a person, and said beside it. */
export function attentionWords({
  setAside,
  ...all
}: Pick<AttentionTotals, "runs" | "total" | "causes" | "setAside">): string {
  const open = openWords({
    runs: all.runs - setAside.runs,
    total: all.total - setAside.total,
    causes: all.causes - setAside.causes,
  });
  if (setAside.causes === 0) return open;
  const runs = setAside.runs === 0 ? "" : ` with ${plural(setAside.runs, "run")}`;
  return `${open}; ${plural(setAside.causes, "cause")}${runs} set aside`;
}

function openWords({ runs, total, causes }: Pick<AttentionTotals, "runs" | "total" | "causes">): string {
  if (causes === 0) return "nothing waits for a person";
  const reasons = plural(causes, "cause");
  if (runs === 0) return reasons;
  const items = total === runs ? "" : `${plural(total, "item")}, `;
  return `${plural(runs, "run needs a person", "runs need a person")}: ${items}${reasons}`;
}
