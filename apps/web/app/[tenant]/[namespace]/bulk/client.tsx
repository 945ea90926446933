"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import Link from "next/link";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { ShowMore } from "@/components/show-more.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { toneText } from "@/components/tone.ts";
import { BulkListSkeleton } from "@/features/bulk/bulk-skeleton.tsx";
import { isOver, outcomeCounts, outcomeLook, stateLook, titleOf } from "@/features/bulk/bulk-words.ts";
import { OutcomeBar } from "@/features/bulk/outcome-bar.tsx";
import { formatCount, plural } from "@/lib/number.ts";
import { shownText } from "@/lib/shown-text.ts";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
import { useTRPC } from "@/trpc/react.ts";

/** Everything that was done to many at once, by whom and how it went. */
export function BulkListClient() {
  const trpc = useTRPC();
  const routes = useRoutes();
  const options = trpc.bulk.list.infiniteQueryOptions({}, { getNextPageParam: (page) => page.cursor });
  const query = useInfiniteQuery(options);
  useRefetchOnChange(options.queryKey);
  const bulks = query.data?.pages.flatMap((page) => page.bulks);
  return (
    <>
      <PageHeader
        title="Bulk actions"
        detail={query.data === undefined ? undefined : plural(query.data.pages[0]?.count ?? 0, "bulk action")}
      />
      <div className="min-h-0 flex-1 overflow-y-auto border-line border-t bg-surface">
        <StaleLine query={query} className="px-6 max-[700px]:px-3" />
        {bulks === undefined ? (
          query.isError ? (
            <ErrorState what="the bulk actions" error={query.error} onRetry={() => query.refetch()} />
          ) : (
            <BulkListSkeleton />
          )
        ) : bulks.length === 0 ? (
          <EmptyState icon={ListChecks} title="No bulk actions yet">
            Choose several jobs of a cause on Attention, or narrow the list of runs and act on all of them.
            Every bulk action is kept here, with the outcome of each target.
          </EmptyState>
        ) : (
          <Panel what="The list of bulk actions" of={bulks}>
            <ul aria-label="Bulk actions">
              {bulks.map((bulk) => {
                const { word, tone } = stateLook(bulk.state);
                return (
                  <li key={bulk.bulkId} className="border-line border-b px-6 py-3 max-[700px]:px-3">
                    <p className="flex flex-wrap items-baseline gap-x-3">
                      <Link href={routes.bulk(bulk.bulkId)} className="rounded font-strong hover:underline">
                        {titleOf(bulk)}
                      </Link>
                      <span className={toneText[tone]}>{word}</span>
                      <span className="ml-auto text-ink-3 text-small">
                        {shownText(bulk.startedBy)} · <TimeAgo at={bulk.startedAt} />
                      </span>
                    </p>
                    <p className="mb-1.5 truncate text-ink-2">
                      {bulk.about === "" ? null : (
                        <span className="mr-2 font-mono text-small">{bulk.about}</span>
                      )}
                      “{shownText(bulk.reason)}”
                    </p>
                    <OutcomeBar bulk={bulk} />
                    <p className="mt-1 text-ink-3 text-small">
                      {outcomeCounts(bulk)
                        .map(
                          ([name, count]) =>
                            `${formatCount(count)} ${outcomeLook(name, isOver(bulk)).word.toLowerCase()}`,
                        )
                        .join(" · ")}
                    </p>
                  </li>
                );
              })}
            </ul>
          </Panel>
        )}
        <ShowMore query={query}>Show older ones</ShowMore>
      </div>
    </>
  );
}
