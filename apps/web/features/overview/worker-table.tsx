"use client";

import type { WorkerView } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "@/components/data-table.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { formatCount } from "@/lib/number.ts";
import { useTRPC } from "@/trpc/react.ts";
import { loadDetails, loadWords } from "./worker-load.ts";

/** A worker says every ten seconds that it lives. */
const askAgainMs = 10_000;

const columns: readonly Column<WorkerView>[] = [
  {
    name: "Worker",
    cell: ({ name, host, sdk }) => <span title={`on ${host}, SDK ${sdk}`}>{name}</span>,
  },
  { name: "Build", cell: ({ build }) => (build === "" ? "–" : <span title={build}>{build}</span>) },
  { name: "Started", cell: ({ startedAt }) => <TimeAgo at={startedAt} /> },
  {
    name: "Heard",
    meaning: "Its last sign of life",
    cell: ({ heardAt }) => <TimeAgo at={heardAt} />,
  },
  {
    name: "Load",
    meaning: "Jobs in progress when it was last heard from, out of its concurrency",
    cell: (worker) => <span title={loadDetails(worker)}>{loadWords(worker)}</span>,
  },
  {
    name: "Jobs",
    meaning: "The kinds of jobs it takes",
    cell: ({ jobs }) => <Names of={jobs.map(jobWords)} />,
  },
  {
    name: "Workflows",
    meaning: "The workflows whose code it hosts",
    cell: ({ workflows }) => <Names of={workflows} />,
  },
];

/** Workers that are there now, as they announce themselves. */
export function WorkerTable() {
  const trpc = useTRPC();
  const { data, error } = useQuery(
    trpc.workers.list.queryOptions(undefined, { refetchInterval: askAgainMs, staleTime: 5_000 }),
  );
  if (data === undefined && error === null) return null;
  return (
    <DataTable
      title="Workers"
      rows={data?.workers ?? []}
      rowKey={({ id }) => id}
      columns={columns}
      empty={
        data === undefined
          ? `Workers can't be listed: ${error?.message}`
          : "No worker is running: jobs wait until one is."
      }
    />
  );
}

function Names({ of }: { of: readonly string[] }) {
  if (of.length === 0) return "–";
  const all = of.join(", ");
  return <span title={all}>{all}</span>;
}

function jobWords({ type, concurrency }: WorkerView["jobs"][number]): string {
  return `${type} (${formatCount(concurrency)} at a time)`;
}
