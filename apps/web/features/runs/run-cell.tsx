"use client";

import type { RunSummary } from "@downbeat/api/views";
import { failureWords } from "@downbeat/domain";
import Link from "next/link";
import { CopyButton } from "@/components/copy-button.tsx";
import { LabelChips } from "@/components/labels.tsx";
import { StatusMark } from "@/components/status-mark.tsx";
import { Elapsed, TimeAgo } from "@/components/time-ago.tsx";
import { TimedText } from "@/components/timed-text.tsx";
import { shortId } from "@/lib/short-id.ts";
import { shownText } from "@/lib/shown-text.ts";
import { lookOfRun } from "@/lib/status.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { labelOf } from "./run-columns.ts";

interface RunCellProps {
  readonly column: string;
  readonly run: RunSummary;
  readonly index: number;
  readonly onLabel: (key: string, value: string) => void;
  readonly onNear: (runId: string) => void;
}

/** What a column says of a run. */
export function RunCell({ column, run, index, onLabel, onNear }: RunCellProps) {
  switch (column) {
    case "status":
      return <StatusMark look={lookOfRun(run.shown)} />;
    case "run":
      return <RunLink run={run} index={index} onNear={onNear} />;
    case "workflow":
      return run.workflow;
    case "why":
      return run.why === undefined ? null : <TimedText text={run.why} times={run.whyTimes} />;
    case "labels":
      return <LabelChips labels={run.labels} runId={run.runId} onPick={onLabel} />;
    case "started":
      return <TimeAgo at={run.startedAt} className="relative z-10" />;
    case "ended":
      return run.endedAt === undefined ? null : <TimeAgo at={run.endedAt} className="relative z-10" />;
    case "duration":
      return <Elapsed from={run.startedAt} to={run.endedAt ?? run.damaged?.since} />;
    case "error":
      return run.failure === undefined ? null : (
        <span title={shownText(failureWords(run.failure))}>{shownText(failureWords(run.failure))}</span>
      );
    case "partition":
      return run.partition;
    case "events":
      return run.seq;
    default: {
      const value = run.labels[labelOf(column) ?? ""];
      return value === undefined ? null : <span title={shownText(value)}>{shownText(value)}</span>;
    }
  }
}

export function RunLink({ run, index, onNear }: Pick<RunCellProps, "run" | "index" | "onNear">) {
  const routes = useRoutes();
  return (
    <>
      <Link
        data-row={index}
        href={routes.run(run.runId)}
        title={run.runId}
        className="truncate font-mono outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
        onFocus={() => onNear(run.runId)}
      >
        {shortId(run.runId, 20)}
      </Link>
      <CopyButton
        text={run.runId}
        what="run id"
        tabIndex={-1}
        className="relative z-10 opacity-0 focus-visible:opacity-100 group-hover/row:opacity-100"
      />
    </>
  );
}
