"use client";

import { valueWords } from "@downbeat/api/figure-words";
import type { BreakDown, GroupFilter, MeasuredRuns, ShownStatus } from "@downbeat/api/views";
import Link from "next/link";
import type { FiguresParams } from "@/app/[tenant]/[namespace]/figures/search-params.ts";
import type { RunsParams } from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { type Column, DataTable } from "@/components/data-table.tsx";
import { formatDuration } from "@/lib/duration.ts";
import { formatCount, formatExact, formatRate, plural } from "@/lib/number.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";

interface GroupTableProps {
  readonly breakDown: BreakDown;
  readonly params: FiguresParams;
  /** What all of it opens. */
  readonly filter: Partial<RunsParams>;
  /** Instead of its own. */
  readonly title?: string | undefined;
}

interface Row extends MeasuredRuns {
  readonly key: string;
  readonly words: string;
  readonly filter: GroupFilter;
}

const time = (ms: number | undefined) => (ms === undefined ? "–" : formatDuration(ms));

export function GroupTable({ breakDown, params, filter, title }: GroupTableProps) {
  const routes = useRoutes();
  const { groups, others, total, isCut } = breakDown;
  const rows: Row[] = groups.map((group) => ({
    ...group,
    key: `of ${group.value ?? ""} ${group.value === undefined}`,
    words: valueWords(params.by, group.value),
  }));
  if (others !== undefined)
    rows.push({
      ...others,
      key: "others",
      words: `${plural(others.values, "other")}${isCut ? " and more" : ""}`,
    });
  rows.push({ ...total, key: "all", words: "All", filter: {} });
  const open = (row: Row, status: readonly ShownStatus[] = []) =>
    routes.runs({
      ...filter,
      status,
      ...(row.filter.facets !== undefined && { facets: row.filter.facets }),
      // Beside those that all of it was asked for.
      ...(row.filter.where !== undefined && { labels: [...(filter.labels ?? []), ...row.filter.where] }),
    });
  const counted = (name: string, status: readonly ShownStatus[]): Column<Row> => ({
    name,
    isNumber: true,
    cell: (row) => {
      const count = status.reduce((sum, each) => sum + (row.byStatus[each] ?? 0), 0);
      return count === 0 ? (
        <span className="text-ink-3">0</span>
      ) : (
        <Link href={open(row, status)} className="rounded hover:underline">
          {formatCount(count)}
        </Link>
      );
    },
  });
  const columns: readonly Column<Row>[] = [
    { name: "Runs of", cell: ({ words }) => words },
    {
      name: "Runs",
      isNumber: true,
      cell: (row) => (
        <Link href={open(row)} className="rounded hover:underline">
          {formatCount(row.runs)}
        </Link>
      ),
    },
    {
      name: "Share",
      isNumber: true,
      meaning: "Of all runs in the table",
      cell: ({ runs }) => (total.runs === 0 ? "–" : formatRate(runs / total.runs)),
    },
    counted("Completed", ["completed"]),
    counted("Failed", ["failed"]),
    counted("Cancelled", ["cancelled", "terminated"]),
    ...(params.of === "started" ? [counted("Open", ["running", "waiting", "stuck"])] : []),
    { name: "p50", isNumber: true, meaning: "Half completed within", cell: ({ p50 }) => time(p50) },
    { name: "p95", isNumber: true, meaning: "95 % completed within", cell: ({ p95 }) => time(p95) },
    ...(params.number === undefined ? [] : numberColumns(open, total.number?.cut !== undefined)),
  ];
  return (
    <>
      <DataTable
        title={
          title ??
          (params.by === undefined
            ? "All runs"
            : `By ${params.by.by === "label" ? params.by.key : params.by.by}`)
        }
        rows={params.by === undefined ? rows.slice(-1) : rows}
        rowKey={({ key }) => key}
        columns={columns}
        empty="No run in this time."
      />
      {isCut ? (
        <p className="mt-1 text-ink-3 text-small">
          There are very many values: which of them are the largest is known of those of the newest runs only.
        </p>
      ) : null}
    </>
  );
}

function numberColumns(open: (row: Row) => string, hasCut: boolean): readonly Column<Row>[] {
  const digits = (text: string | undefined) => (text === undefined ? "–" : formatExact(text));
  return [
    {
      name: "Sum",
      isNumber: true,
      meaning: "Exact to the last digit",
      cell: (row) => (
        <Link href={open(row)} className="rounded hover:underline">
          {digits(row.number?.sum)}
        </Link>
      ),
    },
    { name: "Average", isNumber: true, cell: ({ number }) => digits(number?.average) },
    { name: "Least", isNumber: true, cell: ({ number }) => digits(number?.least) },
    { name: "Most", isNumber: true, cell: ({ number }) => digits(number?.most) },
    {
      name: "No number",
      isNumber: true,
      meaning: "Runs that have something else there, or nothing: left out of the sum",
      cell: ({ number }) => (number === undefined ? "–" : formatCount(number.without)),
    },
    ...(hasCut
      ? [
          {
            name: "Not kept",
            isNumber: true,
            meaning:
              "Runs that hold more numbers than are kept: left out of the sum, though they may have one",
            cell: ({ number }: Row) => formatCount(number?.cut ?? 0),
          },
        ]
      : []),
  ];
}
