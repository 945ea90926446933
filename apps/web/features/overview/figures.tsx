"use client";

import type { Overview } from "@downbeat/api/views";
import type { Difference } from "@downbeat/domain";
import { clsx } from "clsx";
import Link from "next/link";
import type { ReactNode } from "react";
import type { RunsParams } from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { formatDuration } from "@/lib/duration.ts";
import { formatCompact, formatCount, formatRate } from "@/lib/number.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { comparedFigures } from "./compared-figures.ts";
import { DifferenceMark } from "./difference-mark.tsx";

interface FiguresProps {
  readonly overview: Overview;
  /** What the figures count: each opens exactly its runs. */
  readonly filter: Partial<RunsParams>;
}

/** The state now, then what happened in the range, then how long it took. */
export function Figures({ overview, filter }: FiguresProps) {
  const { open, totals, buckets, freshness, comparison } = overview;
  const routes = useRoutes();
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
  const time = (ms: number | undefined) => (ms === undefined ? "–" : formatDuration(ms));
  return (
    <dl className="grid grid-cols-4 max-[700px]:grid-cols-2 overflow-hidden rounded-lg border border-line bg-surface xl:grid-cols-8">
      <Figure
        name="Stuck now"
        value={formatCount(open.stuck)}
        note={
          open.stuck > 0
            ? `${open.stuck === 1 ? "run needs" : "runs need"} a person`
            : freshness.earlier?.openRunsKnown === false
              ? "of older ones not known yet"
              : "nothing to do"
        }
        href={routes.runs({ ...now, status: ["stuck"] })}
        isAlarming={open.stuck > 0}
      />
      <Figure
        name="Open now"
        value={formatCompact(open.running + open.waiting + open.stuck)}
        note={`runs: ${formatCompact(open.running)} running, ${formatCompact(open.waiting)} waiting, ${formatCompact(open.stuck)} stuck`}
        href={routes.runs({ ...now, status: ["running", "waiting", "stuck"] })}
      />
      <Figure
        name="Started"
        value={formatCompact(totals.started)}
        note={`runs, ${perMinute >= 10 ? formatCount(perMinute) : perMinute.toFixed(1)} per minute`}
        href={routes.runs({ ...filter, by: "started" })}
        difference={compared?.started}
        earlierHref={earlierRuns()}
      />
      <Figure
        name="Completed"
        value={formatCompact(totals.completed)}
        note={totals.successRate === undefined ? "none ended" : `${formatRate(totals.successRate)} success`}
        href={routes.runs({ ...ended, status: ["completed"] })}
        difference={compared?.completed}
        alsoDiffers={compared?.successRate}
        earlierHref={earlierRuns(["completed"])}
      />
      <Figure
        name="Failed"
        value={formatCompact(totals.failed)}
        note={share(totals.failed)}
        href={routes.runs({ ...ended, status: ["failed"] })}
        difference={compared?.failed}
        earlierHref={earlierRuns(["failed"])}
      />
      <Figure
        name="Cancelled"
        value={formatCompact(totals.cancelled)}
        note="or terminated"
        href={routes.runs({ ...ended, status: ["cancelled", "terminated"] })}
        difference={compared?.cancelled}
        earlierHref={earlierRuns(["cancelled", "terminated"])}
      />
      <Figure
        name="Median"
        value={time(totals.p50)}
        note="to complete"
        href={routes.runs({ ...ended, status: ["completed"] })}
        difference={compared?.p50}
        earlierHref={earlierRuns(["completed"])}
      />
      <Figure
        name="95 % within"
        value={time(totals.p95)}
        note={`99 %: ${time(totals.p99)}`}
        href={routes.runs({ ...ended, status: ["completed"] })}
        difference={compared?.p95}
        earlierHref={earlierRuns(["completed"])}
      />
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly href?: string;
  readonly isAlarming?: boolean;
  /** From the earlier period; its words open that one's runs. */
  readonly difference?: Difference | undefined;
  readonly earlierHref?: string | undefined;
  /** Of the note's figure. */
  readonly alsoDiffers?: Difference | undefined;
}

function Figure({
  name,
  value,
  note,
  href,
  isAlarming = false,
  difference,
  earlierHref,
  alsoDiffers,
}: FigureProps) {
  const content: ReactNode = (
    <>
      <dt className="truncate text-ink-2">{name}</dt>
      <dd className={clsx("font-strong text-title", isAlarming && "text-stuck")}>
        {href === undefined ? (
          value
        ) : (
          <Link
            href={href}
            className="after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            {value}
          </Link>
        )}
      </dd>
      <dd className={clsx("line-clamp-2 text-small", isAlarming ? "text-stuck" : "text-ink-3")} title={note}>
        {note}
      </dd>
      {difference === undefined ? null : <DifferenceMark difference={difference} href={earlierHref} />}
      {alsoDiffers === undefined ? null : <DifferenceMark difference={alsoDiffers} subject="success" />}
    </>
  );
  return (
    <div
      className={clsx(
        "-mr-px -mb-px relative border-line border-r border-b px-4 py-3",
        href !== undefined && "hover:bg-hover",
      )}
    >
      {content}
    </div>
  );
}
