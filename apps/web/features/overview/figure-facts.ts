import type { Overview } from "@downbeat/api/views";
import type { Difference } from "@downbeat/domain";
import type { RunsParams } from "../../app/[tenant]/[namespace]/runs/search-params.ts";
import { formatDuration } from "../../lib/duration.ts";
import { formatCompact, formatCount, formatRate, plural } from "../../lib/number.ts";
import type { Routes } from "../../routes.ts";
import { comparedFigures } from "./compared-figures.ts";

export type FigureName =
  | "stuck"
  | "open"
  | "started"
  | "completed"
  | "failed"
  | "cancelled"
  | "successRate"
  | "p50"
  | "p95"
  | "p99";

export interface FigureFacts {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly href: string;
  readonly isAlarming?: boolean;
  /** From the earlier period; its words open that one's runs. */
  readonly difference?: Difference | undefined;
  readonly earlierHref?: string | undefined;
  /** Of the note's figure. */
  readonly alsoDiffers?: Difference | undefined;
}

const time = (ms: number | undefined) => (ms === undefined ? "–" : formatDuration(ms));
const endedStatuses = ["completed", "failed", "cancelled", "terminated"] as const;

/** What the figures count: each opens exactly its runs. Figures are of whole buckets: so is what they open. */
export function countedRuns({ buckets }: Pick<Overview, "buckets">, workflow: string | undefined) {
  const [from, to] = [buckets[0]?.at, buckets.at(-1)?.to];
  return {
    ...(from !== undefined && to !== undefined ? { range: { type: "between", from, to } as const } : {}),
    workflow,
  };
}

/** What every figure says, wherever it is shown, and what it opens. */
export function figureFacts(
  overview: Pick<Overview, "open" | "totals" | "freshness" | "comparison"> & {
    readonly buckets: readonly Pick<Overview["buckets"][number], "at" | "to">[];
  },
  filter: Partial<RunsParams>,
  routes: Routes,
): Readonly<Record<FigureName, FigureFacts>> {
  const { open, totals, buckets, freshness, comparison } = overview;
  const minutes = ((buckets.at(-1)?.to ?? 0) - (buckets[0]?.at ?? 0)) / 60_000;
  const perMinute = minutes === 0 ? 0 : totals.started / minutes;
  const ended = { ...filter, by: "ended" } as const;
  const now = { workflow: filter.workflow };
  const endedCount = totals.completed + totals.failed + totals.cancelled;
  const share = (count: number) =>
    endedCount === 0 ? "none ended" : `${formatRate(count / endedCount)} of ended`;
  const compared = comparison === undefined ? undefined : comparedFigures(comparison);
  const earlierRuns = (status?: RunsParams["status"]) =>
    comparison === undefined
      ? undefined
      : routes.runs({
          workflow: filter.workflow,
          range: { type: "between", from: comparison.earlier.from, to: comparison.earlier.to },
          by: status === undefined ? "started" : "ended",
          ...(status !== undefined && { status }),
        });
  const completed = {
    href: routes.runs({ ...ended, status: ["completed"] }),
    earlierHref: earlierRuns(["completed"]),
  };
  const rate = totals.successRate;
  return {
    stuck: {
      name: "Stuck now",
      value: formatCount(open.stuck),
      note:
        open.stuck > 0
          ? `${open.stuck === 1 ? "run needs" : "runs need"} a person`
          : freshness.earlier?.openRunsKnown === false
            ? "of older ones not known yet"
            : "nothing to do",
      href: routes.runs({ ...now, status: ["stuck"] }),
      isAlarming: open.stuck > 0,
    },
    open: {
      name: "Open now",
      value: formatCompact(open.running + open.waiting + open.stuck),
      note: `runs: ${formatCompact(open.running)} running, ${formatCompact(open.waiting)} waiting, ${formatCompact(open.stuck)} stuck`,
      href: routes.runs({ ...now, status: ["running", "waiting", "stuck"] }),
    },
    started: {
      name: "Started",
      value: formatCompact(totals.started),
      note: `runs, ${perMinute >= 10 ? formatCount(perMinute) : perMinute.toFixed(1)} per minute`,
      href: routes.runs({ ...filter, by: "started" }),
      difference: compared?.started,
      earlierHref: earlierRuns(),
    },
    completed: {
      name: "Completed",
      value: formatCompact(totals.completed),
      note: rate === undefined ? "none ended" : `${formatRate(rate)} success`,
      ...completed,
      difference: compared?.completed,
      alsoDiffers: compared?.successRate,
    },
    failed: {
      name: "Failed",
      value: formatCompact(totals.failed),
      note: share(totals.failed),
      href: routes.runs({ ...ended, status: ["failed"] }),
      difference: compared?.failed,
      earlierHref: earlierRuns(["failed"]),
    },
    cancelled: {
      name: "Cancelled",
      value: formatCompact(totals.cancelled),
      note: "or terminated",
      href: routes.runs({ ...ended, status: ["cancelled", "terminated"] }),
      difference: compared?.cancelled,
      earlierHref: earlierRuns(["cancelled", "terminated"]),
    },
    successRate: {
      name: "Success",
      value: rate === undefined ? "–" : formatRate(rate),
      note: endedCount === 0 ? "none ended" : `of ${plural(endedCount, "run")} that ended`,
      href: routes.runs({ ...ended, status: [...endedStatuses] }),
      difference: compared?.successRate,
      earlierHref: earlierRuns([...endedStatuses]),
    },
    p50: {
      name: "Median",
      value: time(totals.p50),
      note: "to complete",
      ...completed,
      difference: compared?.p50,
    },
    p95: {
      name: "95 % within",
      value: time(totals.p95),
      note: `99 %: ${time(totals.p99)}`,
      ...completed,
      difference: compared?.p95,
    },
    p99: {
      name: "99 % within",
      value: time(totals.p99),
      note: `95 %: ${time(totals.p95)}`,
      ...completed,
      difference: compared?.p99,
    },
  };
}
