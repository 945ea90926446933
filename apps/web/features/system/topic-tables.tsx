"use client";

import type { SystemView } from "@downbeat/api/views";
import { clsx } from "clsx";
import { type Column, DataTable } from "@/components/data-table.tsx";
import { formatRunningDuration } from "@/lib/duration.ts";
import { formatCount } from "@/lib/number.ts";
import { useNow } from "@/lib/use-now.ts";
import { countOrUnknown } from "./server-facts.tsx";

type JobTopic = SystemView["jobTopics"][number];
type QuestionTopic = SystemView["questionTopics"][number];

/** What waits in the topic of each kind of jobs, and who is there for it. */
export function JobTopicTable({ rows }: { rows: readonly JobTopic[] }) {
  const now = useNow(1_000);
  const columns: readonly Column<JobTopic>[] = [
    { name: "Topic", cell: ({ topic, jobType }) => <span title={`Attempts of ${jobType}`}>{topic}</span> },
    {
      name: "Waiting",
      isNumber: true,
      meaning: "Attempts that no worker has begun",
      cell: ({ waiting }) => formatCount(waiting),
    },
    {
      name: "Oldest waits",
      isNumber: true,
      cell: ({ waitingSince }) =>
        waitingSince === undefined ? "–" : formatRunningDuration(now - waitingSince),
    },
    {
      name: "Running",
      isNumber: true,
      meaning: "Out of as many as the current workers can run at once",
      cell: ({ running, capacity }) => (
        <span className={clsx(capacity > 0 && running >= capacity && "text-stuck")}>
          {formatCount(running)} of {formatCount(capacity)}
        </span>
      ),
    },
    {
      name: "In the log",
      isNumber: true,
      meaning: "Messages that are not acknowledged, including those that a worker holds",
      cell: ({ backlog }) => countOrUnknown(backlog),
    },
    {
      name: "Connected",
      isNumber: true,
      meaning: "Workers that take from it",
      cell: ({ consumers, waiting }) => (
        <span className={clsx(consumers === 0 && waiting > 0 && "text-stuck")}>
          {countOrUnknown(consumers)}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      title="Topics of jobs"
      rows={rows}
      rowKey={({ topic }) => topic}
      columns={columns}
      empty="No job is open, and no worker has announced itself."
    />
  );
}

/** What workers are asked that host workflows. */
export function QuestionTopicTable({ rows }: { rows: readonly QuestionTopic[] }) {
  const now = useNow(1_000);
  const columns: readonly Column<QuestionTopic>[] = [
    {
      name: "Topic",
      cell: ({ topic, workflow }) => <span title={`Questions about runs of ${workflow}`}>{topic}</span>,
    },
    {
      name: "Waiting",
      isNumber: true,
      meaning: "Runs whose code has not said what comes next",
      cell: ({ waiting }) => formatCount(waiting),
    },
    {
      name: "Oldest waits",
      isNumber: true,
      cell: ({ waitingSince }) =>
        waitingSince === undefined ? "–" : formatRunningDuration(now - waitingSince),
    },
    {
      name: "Workers",
      isNumber: true,
      meaning: "Hosting the workflow",
      cell: ({ workers, waiting }) => (
        <span className={clsx(workers === 0 && waiting > 0 && "text-stuck")}>{formatCount(workers)}</span>
      ),
    },
  ];
  return (
    <DataTable
      title="Topics of questions"
      rows={rows}
      rowKey={({ topic }) => topic}
      columns={columns}
      empty="No worker hosts a workflow: engines run the code themselves."
    />
  );
}
