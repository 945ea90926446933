"use client";

import { clsx } from "clsx";
import Link from "next/link";
import { Cell } from "@/components/cell.tsx";
import { ColumnHead } from "@/components/column-head.tsx";
import { SkeletonRows } from "@/components/skeleton-rows.tsx";
import { BodyRow, HeadRow } from "@/components/table-row.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { shortId } from "@/lib/short-id.ts";
import { useMedia } from "@/lib/use-media.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { RowTable } from "@/shell/row-table.tsx";
import { columns, narrow, notNarrow, rowHeightIn, wideOnly } from "./columns.ts";
import type { JobLine } from "./job-line.ts";

interface JobTableProps {
  readonly lines: readonly JobLine[];
  readonly total: number;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  /** What the times are: `Since` or `At`. */
  readonly timeName: string;
}

export function JobTable({ lines, total, hasMore, onMore, timeName }: JobTableProps) {
  const isNarrow = useMedia(narrow);
  return (
    <RowTable
      what="job"
      label="Jobs"
      items={lines}
      total={total}
      rowHeight={rowHeightIn(isNarrow)}
      keyOf={({ key }) => key}
      head={<JobTableHead timeName={timeName} />}
      row={(line, index) => <JobRow line={line} index={index} isNarrow={isNarrow} />}
      hasMore={hasMore}
      onMore={onMore}
    />
  );
}

function JobTableHead({ timeName }: { timeName: string }) {
  return (
    <HeadRow columns={columns} className="max-[700px]:sr-only">
      <ColumnHead>{timeName}</ColumnHead>
      <ColumnHead>Job type</ColumnHead>
      <ColumnHead>What</ColumnHead>
      <ColumnHead className={notNarrow}>Run</ColumnHead>
      <ColumnHead className={wideOnly}>Workflow</ColumnHead>
    </HeadRow>
  );
}

function JobRow({ line, index, isNarrow }: { line: JobLine; index: number; isNarrow: boolean }) {
  const routes = useRoutes();
  const { at, jobType, text, runId, rowId, workflow, isTrouble } = line;
  // Keys focus the row's link: of the two, the one that is drawn.
  const run = (className: string, isDrawn: boolean) => (
    <Link
      data-row={isDrawn ? index : undefined}
      href={routes.run(runId, rowId === undefined ? {} : { row: rowId })}
      title={runId}
      className={clsx("truncate rounded font-mono hover:underline", className)}
    >
      {shortId(runId, 24)}
    </Link>
  );
  return (
    <BodyRow columns={columns} index={index}>
      <Cell className="flex min-w-0 gap-3 whitespace-nowrap text-ink-2 max-[700px]:row-start-1">
        <TimeAgo at={at} className="shrink-0" />
        {run("hidden max-[700px]:inline", isNarrow)}
      </Cell>
      <Cell className="truncate max-[700px]:row-start-1 max-[700px]:text-ink-2">
        {jobType === "" ? <span className="text-ink-3">the run’s code</span> : jobType}
      </Cell>
      <Cell className="min-w-0 truncate max-[700px]:col-span-2 max-[700px]:row-start-2">
        <span title={text} className={isTrouble ? "text-stuck" : "text-ink-2"}>
          {text}
        </span>
      </Cell>
      <Cell className={clsx("flex min-w-0", notNarrow)}>{run("", !isNarrow)}</Cell>
      <Cell className={clsx("truncate text-ink-2", wideOnly)}>{workflow}</Cell>
    </BodyRow>
  );
}

const widths = [90, 90, 300, 150, 80];
const narrows = ["", "", "", notNarrow, wideOnly];

/** The shape of what comes. */
export function JobSkeleton({ timeName }: { timeName: string }) {
  const rowHeight = rowHeightIn(useMedia(narrow));
  return (
    <div aria-busy="true" role="status" aria-label="Loading the jobs">
      <JobTableHead timeName={timeName} />
      <SkeletonRows count={16} height={rowHeight} columns={columns} widths={widths} narrows={narrows} />
    </div>
  );
}
