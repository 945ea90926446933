import type { RunFold } from "../fold/run-fold.ts";
import type { RunDetails } from "../rows.ts";
import type { RunSummary, ShownStatus } from "../views.ts";
import { detailsOf } from "./run-details.ts";
import { shownStatus } from "./shown-status.ts";
import { why } from "./why.ts";

export type SummaryBasics = Pick<
  RunSummary,
  "runId" | "workflow" | "startedAt" | "updatedAt" | "seq" | "partition"
> & {
  readonly shown: ShownStatus;
  readonly endedAt: number | undefined;
};

/** A run as lists show it. */
export function summaryOf(basics: SummaryBasics, details: RunDetails, now: number): RunSummary {
  const { labels, closing, failure, damaged, compensations } = details;
  const { shown, endedAt, runId, workflow, startedAt, updatedAt, seq, partition } = basics;
  const status = shown === "waiting" || shown === "stuck" ? "running" : shown;
  const sentence = why({ ...details, status, workflow, updatedAt }, now);
  return {
    runId,
    workflow,
    status,
    shown,
    ...(closing !== undefined && { closing }),
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
    updatedAt,
    labels,
    ...(sentence !== undefined && { why: sentence.text }),
    ...(sentence !== undefined && sentence.times.length > 0 && { whyTimes: sentence.times }),
    ...(failure !== undefined && { failure }),
    ...(damaged !== undefined && { damaged }),
    seq,
    partition,
    ...(compensations !== undefined && { compensations }),
  };
}

export function summaryOfFold(fold: RunFold, now: number): RunSummary {
  return summaryOf({ ...fold, shown: shownStatus(fold) }, detailsOf(fold), now);
}
