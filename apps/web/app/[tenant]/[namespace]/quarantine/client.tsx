"use client";

import type { QuarantineEntries } from "@downbeat/api/views";
import { PackageCheck } from "lucide-react";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { ShowMore } from "@/components/show-more.tsx";
import { ExportMenu } from "@/features/exports/export-menu.tsx";
import { LeftOutList } from "@/features/quarantine/left-out-list.tsx";
import { MessageList } from "@/features/quarantine/message-list.tsx";
import { RefusalList } from "@/features/quarantine/refusal-list.tsx";
import { setAside, useQuarantinePages } from "@/features/quarantine/use-quarantine.ts";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { formatCount, plural } from "@/lib/number.ts";
import { PageHeader } from "@/shell/page-header.tsx";

/** What came in and nobody could use, with why: for whoever looks after the services that sent it. */
export function QuarantineClient() {
  const { query, head: data, entries } = useQuarantinePages();
  const { error, refetch } = query;
  const count = data === undefined ? undefined : setAside(data);
  return (
    <>
      <PageHeader title="Quarantine" detail={data === undefined ? undefined : countWords(data)}>
        <ExportMenu
          title="Quarantine"
          ask={(format) => ({ list: "quarantine", query: {}, format })}
          refusal={count === 0 ? "Nothing was set aside." : undefined}
        />
      </PageHeader>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto border-line border-t bg-surface outline-none"
      >
        {data?.freshness.completeFrom === undefined ? null : (
          <p className="px-6 pt-4 text-ink-3 text-small max-[700px]:px-3">
            Commands that were refused before {formatDayAndClock(data.freshness.completeFrom)} are not listed
            here; Analytics finds them in the history.
          </p>
        )}
        {data?.marksUnread === true ? (
          <p role="status" className="bg-sunken px-6 py-2 text-ink-2 max-[700px]:px-3">
            What was done about entries can’t be read from the log now.
          </p>
        ) : null}
        {data !== undefined ? (
          count === 0 ? (
            <EmptyState icon={PackageCheck} title="Nothing was set aside">
              Messages that no one could read, and commands to runs or workflows that don't exist, are kept
              here with the reason, and so are records of history that can't be used. Nothing else is held up
              by them.
            </EmptyState>
          ) : (
            <>
              <Panel what="What was left out" of={entries.leftOut}>
                <LeftOutList leftOut={entries.leftOut} />
              </Panel>
              <Panel what="The list of messages" of={entries.messages}>
                <MessageList messages={entries.messages} />
              </Panel>
              <Panel what="The list of refused commands" of={entries.refused}>
                <RefusalList refused={entries.refused} />
              </Panel>
              <ShowMore query={query}>Show older entries</ShowMore>
            </>
          )
        ) : error === null ? (
          <p role="status" className="px-6 py-4 text-ink-3">
            Looking…
          </p>
        ) : (
          <ErrorState what="what was set aside" error={error} onRetry={refetch} />
        )}
      </div>
    </>
  );
}

function countWords(list: QuarantineEntries): string {
  const { cleared } = list;
  const all = plural(setAside(list), "entry", "entries");
  return cleared === 0 ? all : `${all}, ${formatCount(cleared)} dropped or sent again`;
}
