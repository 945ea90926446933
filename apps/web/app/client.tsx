"use client";

import type { Overview } from "@downbeat/api/views";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { ErrorState } from "@/components/error-state.tsx";
import { RangePicker } from "@/components/range-picker.tsx";
import { Bars } from "@/features/overview/bars.tsx";
import { formatDuration } from "@/lib/duration.ts";
import { formatCount, formatRate } from "@/lib/number.ts";
import { resolveRange } from "@/lib/time-range.ts";
import { useNow } from "@/lib/use-now.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { routes } from "@/routes.ts";
import { PageHeader } from "@/shell/page-header.tsx";
import { useTRPC } from "@/trpc/react.ts";
import { type OverviewParams, parseOverviewParams, serializeOverviewParams } from "./search-params.ts";

const urlState = { parse: parseOverviewParams, serialize: serializeOverviewParams };
const refreshMs = 2_000;

/** Are we fine? */
export function OverviewClient() {
  const [{ range, workflow }, change] = useSearchState<OverviewParams>(urlState);
  // The range moves along with now, in steps, so that one question is asked at most every two seconds.
  const now = useNow(refreshMs);
  const end = Math.ceil(now / refreshMs) * refreshMs;
  const { from = end - 3_600_000, to = end } = resolveRange(range, end);
  const trpc = useTRPC();
  const input = { from, to, ...(workflow !== undefined && { workflow }) };
  const { data, error, refetch } = useQuery(
    trpc.overview.get.queryOptions(input, { placeholderData: keepPreviousData, enabled: now > 0 }),
  );
  return (
    <>
      <PageHeader title="Overview" detail={data === undefined ? undefined : verdict(data)}>
        <RangePicker range={range} onChange={(next) => change({ range: next })} />
      </PageHeader>
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-8">
        {data !== undefined ? (
          <Figures overview={data} />
        ) : error === null ? (
          <p className="py-16 text-center text-ink-3">Counting…</p>
        ) : (
          <ErrorState what="the figures" error={error} onRetry={refetch} />
        )}
      </div>
    </>
  );
}

function verdict({ open, totals }: Overview): string {
  const stuck = open.stuck === 0 ? "nothing is stuck" : `${formatCount(open.stuck)} stuck`;
  return totals.successRate === undefined
    ? stuck
    : `${formatRate(totals.successRate)} of ended runs succeeded; ${stuck}`;
}

function Figures({ overview }: { overview: Overview }) {
  const { totals, open, buckets, bucketMs, byWorkflow, byJobType, topErrors } = overview;
  const ms = (value: number | undefined) => (value === undefined ? "–" : formatDuration(value));
  return (
    <div className="flex flex-col gap-8">
      <dl className="grid grid-cols-2 gap-3 md:grid-cols-4 lg:grid-cols-8">
        <Figure name="Started" value={formatCount(totals.started)} />
        <Figure
          name="Completed"
          value={formatCount(totals.completed)}
          href={routes.runsOfStatus("completed")}
        />
        <Figure name="Failed" value={formatCount(totals.failed)} href={routes.runsOfStatus("failed")} />
        <Figure
          name="Open"
          value={formatCount(open.running + open.waiting)}
          href={routes.runsOfStatus("running", "waiting")}
        />
        <Figure name="Stuck" value={formatCount(open.stuck)} href={routes.attention()} />
        <Figure name="Half within" value={ms(totals.p50)} />
        <Figure name="95 % within" value={ms(totals.p95)} />
        <Figure name="99 % within" value={ms(totals.p99)} />
      </dl>
      <Bars buckets={buckets} bucketMs={bucketMs} />
      <Table
        title="Workflows"
        head={["Workflow", "Started", "Completed", "Failed", "p50", "p95", "p99"]}
        rows={byWorkflow.map((one) => [
          <Link
            key="name"
            href={routes.runs({ workflow: one.workflow })}
            className="text-accent hover:underline"
          >
            {one.workflow}
          </Link>,
          formatCount(one.started),
          formatCount(one.completed),
          formatCount(one.failed),
          ms(one.p50),
          ms(one.p95),
          ms(one.p99),
        ])}
      />
      <Table
        title="Jobs"
        head={[
          "Job type",
          "Completed",
          "Failed attempts",
          "Refused",
          "Stuck",
          "Backlog",
          "Workers",
          "p50",
          "p95",
        ]}
        rows={byJobType.map((one) => [
          one.jobType,
          formatCount(one.completed),
          formatCount(one.failedAttempts),
          formatCount(one.rejected),
          formatCount(one.stuck),
          one.backlog === undefined ? "–" : formatCount(one.backlog),
          one.workers === undefined ? "–" : formatCount(one.workers),
          ms(one.p50),
          ms(one.p95),
        ])}
      />
      <Table
        title="Most frequent errors"
        head={["Error", "Job type", "Count"]}
        rows={topErrors.map((one) => [one.name, one.jobType, formatCount(one.count)])}
      />
    </div>
  );
}

function Figure({ name, value, href }: { name: string; value: string; href?: string }) {
  const number = <span className="font-strong text-title tabular-nums">{value}</span>;
  return (
    <div className="rounded-lg border border-line bg-surface px-3 py-2">
      <dt className="text-ink-2">{name}</dt>
      <dd>
        {href === undefined ? (
          number
        ) : (
          <Link href={href} className="rounded hover:underline">
            {number}
          </Link>
        )}
      </dd>
    </div>
  );
}

interface TableProps {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
}

function Table({ title, head, rows }: TableProps) {
  if (rows.length === 0) return null;
  const side = (index: number) => (index === 0 ? "text-left" : "text-right tabular-nums");
  return (
    <section>
      <h2 className="mb-1 font-strong">{title}</h2>
      <table className="w-full">
        <thead>
          <tr className="border-line border-b text-ink-2">
            {head.map((name, index) => (
              <th key={name} scope="col" className={`h-8 pr-4 font-normal ${side(index)}`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity beyond their place
            <tr key={row} className="border-line border-b hover:bg-hover">
              {cells.map((cell, index) => (
                <td key={head[index]} className={`h-8 pr-4 ${side(index)}`}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
