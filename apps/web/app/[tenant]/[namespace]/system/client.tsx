"use client";

import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { WorkerTable } from "@/features/overview/worker-table.tsx";
import { PartList } from "@/features/system/part-list.tsx";
import { PartitionTable } from "@/features/system/partition-table.tsx";
import { ServerFacts } from "@/features/system/server-facts.tsx";
import { JobTopicTable, QuestionTopicTable } from "@/features/system/topic-tables.tsx";
import { useSystem } from "@/features/system/use-system.ts";
import { PageHeader } from "@/shell/page-header.tsx";

/** Every part of the product, who is at it, and how far it is. */
export function SystemClient() {
  const query = useSystem();
  const { data, error, refetch } = query;
  const broken = data?.parts.filter(({ isLive }) => !isLive).length;
  return (
    <>
      <PageHeader
        title="System"
        detail={
          broken === undefined ? undefined : broken === 0 ? "All parts work" : `${broken} not as it should be`
        }
      />
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto px-6 pb-6 outline-none max-[700px]:px-3"
      >
        <StaleLine query={query} />
        {data === undefined ? (
          error === null ? (
            <p role="status" className="py-4 text-ink-3">
              Checking every part…
            </p>
          ) : (
            <ErrorState what="how the system is doing" error={error} onRetry={refetch} />
          )
        ) : (
          <div className="grid grid-cols-1 items-start gap-4 min-[1700px]:grid-cols-2">
            <div className="grid grid-cols-1 items-start gap-4 min-[1100px]:grid-cols-2 min-[1700px]:col-span-2">
              <Panel what="The parts" of={data.parts}>
                <PartList parts={data.parts} quarantine={data.quarantine} />
              </Panel>
              <Panel what="The server" of={data.server}>
                <ServerFacts system={data} />
              </Panel>
            </div>
            <Panel what="The partitions" of={data.partitions}>
              <PartitionTable partitions={data.partitions} />
            </Panel>
            <Panel what="Topics of jobs" of={data.jobTopics}>
              <JobTopicTable rows={data.jobTopics} />
            </Panel>
            <WorkerTable />
            <Panel what="Topics of questions" of={data.questionTopics}>
              <QuestionTopicTable rows={data.questionTopics} />
            </Panel>
            <section aria-label="What isn’t known" className="text-ink-3 text-small">
              {data.unknown.map((sentence) => (
                <p key={sentence}>{sentence}</p>
              ))}
            </section>
          </div>
        )}
      </div>
    </>
  );
}
