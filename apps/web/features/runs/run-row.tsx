// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
"use client";

import type { RunSummary } from "@downbeat/api/views";
import { clsx } from "clsx";
import { Cell } from "@/components/cell.tsx";
import { LabelChips } from "@/components/labels.tsx";
import { StatusMark } from "@/components/status-mark.tsx";
import { Elapsed, TimeAgo } from "@/components/time-ago.tsx";
import { TimedText } from "@/components/timed-text.tsx";
import { lookOfRun } from "@/lib/status.ts";
import { columns, mediumOnly, notNarrow, ownLine, wideOnly } from "./columns.ts";
import { RunLink } from "./run-cell.tsx";

interface RunRowProps {
  readonly run: RunSummary;
  readonly index: number;
  readonly onLabel: (key: string, value: string) => void;
  readonly onNear: (runId: string) => void;
}

export function RunRow({ run, index, onLabel, onNear }: RunRowProps) {
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      onPointerEnter={() => onNear(run.runId)}
      className={clsx(
        columns,
        "group/row relative h-full border-line border-b focus-within:bg-accent-soft hover:bg-hover",
      )}
    >
      <Cell className="flex">
        <StatusMark look={lookOfRun(run.shown)} />
      </Cell>
      <Cell className="flex min-w-0 items-center gap-0.5">
        <RunLink run={run} index={index} onNear={onNear} />
      </Cell>
      <Cell className={clsx("truncate", wideOnly)}>{run.workflow}</Cell>
      <Cell className={clsx("truncate", ownLine, run.shown === "stuck" ? "text-ink" : "text-ink-2")}>
        {run.why === undefined ? (
          <span className="hidden text-ink-3 max-[600px]:inline">{run.workflow}</span>
        ) : (
          <TimedText text={run.why} times={run.whyTimes} />
        )}
      </Cell>
      <Cell
        className={clsx(
          "relative z-10 flex gap-1 overflow-hidden [mask-image:linear-gradient(90deg,#000_calc(100%-24px),transparent)]",
          wideOnly,
        )}
      >
        <LabelChips labels={run.labels} runId={run.runId} onPick={onLabel} />
      </Cell>
      <Cell className={clsx("whitespace-nowrap text-right text-ink-2", mediumOnly)}>
        <TimeAgo at={run.startedAt} className="relative z-10" />
      </Cell>
      <Cell className={clsx("text-right text-ink-2", notNarrow)}>
        <Elapsed from={run.startedAt} to={run.endedAt ?? run.damaged?.since} />
      </Cell>
    </div>
  );
}
