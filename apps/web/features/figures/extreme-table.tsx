"use client";

import { numberWords } from "@downbeat/api/figure-words";
import type { ExtremeRun } from "@downbeat/api/views";
import Link from "next/link";
import { type Column, DataTable } from "@/components/data-table.tsx";
import { formatDate } from "@/lib/absolute-time.ts";
import { formatDuration } from "@/lib/duration.ts";
import { formatExact } from "@/lib/number.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";

interface ExtremeTableProps {
  readonly title: string;
  readonly runs: readonly ExtremeRun[];
  readonly number: string | undefined;
}

export function ExtremeTable({ title, runs, number }: ExtremeTableProps) {
  const routes = useRoutes();
  const columns: readonly Column<ExtremeRun>[] = [
    {
      name: "Run",
      cell: ({ runId }) => (
        <Link href={routes.run(runId)} title={runId} className="rounded font-mono hover:underline">
          {runId}
        </Link>
      ),
    },
    { name: "Workflow", isSecondary: true, cell: ({ workflow }) => workflow },
    { name: "Started", isNumber: true, cell: ({ startedAt }) => formatDate(startedAt) },
    {
      name: "Took",
      isNumber: true,
      cell: ({ durationMs }) => (durationMs === undefined ? "still open" : formatDuration(durationMs)),
    },
    ...(number === undefined
      ? []
      : [
          {
            name: "Number",
            isNumber: true,
            meaning: numberWords(number),
            cell: (run: ExtremeRun) => (run.number === undefined ? "–" : formatExact(run.number)),
          },
        ]),
  ];
  return (
    <DataTable
      title={title}
      rows={runs}
      rowKey={({ runId }) => runId}
      columns={columns}
      empty="No run of these is over, or has such a number."
    />
  );
}
