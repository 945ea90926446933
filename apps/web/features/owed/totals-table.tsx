"use client";

import type { OwedFigures, OwedStanding, OwedTotals } from "@downbeat/api/views";
import { clsx } from "clsx";
import Link from "next/link";
import type { OwedParams } from "@/app/[tenant]/[namespace]/owed/search-params.ts";
import { type Column, DataTable } from "@/components/data-table.tsx";
import { formatRunningDuration } from "@/lib/duration.ts";
import { formatCount, formatExact, plural } from "@/lib/number.ts";
import { useNow } from "@/lib/use-now.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { amountWords, standingLooks } from "./owed-words.ts";

interface Row extends OwedFigures {
  /** Absent: of all of them. */
  readonly jobType?: string;
}

interface TotalsTableProps {
  readonly totals: OwedTotals;
  readonly params: OwedParams;
}

/** Each figure opens its rows in the list below. */
export function TotalsTable({ totals, params }: TotalsTableProps) {
  const routes = useRoutes();
  const now = useNow(1_000);
  const { workflow, amount } = params;
  const link = (jobType: string | undefined, count: number, ...standing: OwedStanding[]) => (
    <Link
      href={routes.owed({ workflow, amount, jobType, standing })}
      className={clsx("rounded hover:underline", count === 0 && "text-ink-3")}
    >
      {formatCount(count)}
    </Link>
  );
  const ofStanding = (standing: OwedStanding): Column<Row> => ({
    name: standingLooks[standing].word,
    meaning: standingLooks[standing].meaning,
    isNumber: true,
    cell: (row) => link(row.jobType, row[standing], standing),
  });
  const columns: readonly Column<Row>[] = [
    {
      name: "To be undone by",
      cell: ({ jobType }) => (jobType === undefined ? "All together" : jobType),
    },
    {
      name: "Owed",
      isNumber: true,
      cell: (row) => link(row.jobType, row.undoing + row.left + row.failed),
    },
    ofStanding("undoing"),
    ofStanding("left"),
    ofStanding("failed"),
    {
      name: "Oldest",
      isNumber: true,
      meaning: "How long the oldest has been owed",
      cell: ({ oldest }) => (oldest === undefined ? "–" : formatRunningDuration(now - oldest)),
    },
    ...(amount === undefined ? [] : [sumColumn(amount)]),
  ];
  const rows: readonly Row[] =
    totals.byJobType.length === 1 ? totals.byJobType : [...totals.byJobType, { ...totals }];
  return (
    <DataTable
      title="In total"
      rows={rows}
      rowKey={({ jobType }) => (jobType === undefined ? "all" : `of ${jobType}`)}
      columns={columns}
      empty="Nothing is owed."
    />
  );
}

function sumColumn(path: string): Column<Row> {
  return {
    name: "Sum",
    isNumber: true,
    meaning: `Of ${amountWords(path)}, exact to the last digit`,
    cell: ({ amount, undoing, left, failed }) => {
      if (amount === undefined || amount.counted === 0) return <span className="text-ink-3">–</span>;
      const without = undoing + left + failed - amount.counted;
      return (
        <span
          className="font-strong"
          title={without === 0 ? undefined : `${plural(without, "has", "have")} no number there`}
        >
          {formatExact(amount.sum)}
          {without === 0 ? "" : ` (of ${formatCount(amount.counted)})`}
        </span>
      );
    },
  };
}
