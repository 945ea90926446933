"use client";

import type { SystemView } from "@downbeat/api/views";
import { type Column, DataTable } from "@/components/data-table.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { formatDuration } from "@/lib/duration.ts";
import { countOrUnknown } from "./server-facts.tsx";

type Partition = SystemView["partitions"][number];

const columns: readonly Column<Partition>[] = [
  { name: "Partition", isNumber: true, cell: ({ partition }) => partition },
  {
    name: "Owner",
    meaning: "The engine that decides its commands",
    cell: ({ owner }) => owner ?? "none known",
  },
  {
    name: "Epoch",
    isNumber: true,
    meaning: "Number of the claim with which it became the owner",
    cell: ({ epoch }) => countOrUnknown(epoch),
  },
  {
    name: "Waiting",
    isNumber: true,
    meaning: "Commands that are not decided yet",
    cell: ({ waiting }) => countOrUnknown(waiting),
  },
  { name: "Progress", cell: (partition) => <Progress of={partition} /> },
  {
    name: "Read to",
    isNumber: true,
    meaning: "When the log stored the last record that this server has read",
    cell: ({ completeTo, position }) =>
      completeTo === undefined ? (
        "–"
      ) : (
        <span title={position}>
          <TimeAgo at={completeTo} />
        </span>
      ),
  },
];

export function PartitionTable({ partitions }: Pick<SystemView, "partitions">) {
  return (
    <DataTable
      title="Partitions"
      rows={partitions}
      rowKey={({ partition }) => String(partition)}
      columns={columns}
      empty="The log has no topics yet: an engine makes them."
    />
  );
}

function Progress({ of: { stalledMs, unownedMs } }: { of: Partition }) {
  if (stalledMs === undefined || unownedMs === undefined)
    return <span className="text-ink-3">not known</span>;
  if (stalledMs > 0)
    return <span className="text-stuck">nothing decided for {formatDuration(stalledMs)}</span>;
  if (unownedMs > 0) return <span className="text-stuck">no engine for {formatDuration(unownedMs)}</span>;
  return <span className="text-ink-2">decides</span>;
}
