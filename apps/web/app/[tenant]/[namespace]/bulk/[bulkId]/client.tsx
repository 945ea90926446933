"use client";

import type { BulkView } from "@downbeat/api/views";
import { clsx } from "clsx";
import Link from "next/link";
import { Button } from "@/components/button.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { ShowMore } from "@/components/show-more.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { toneSoft, toneText } from "@/components/tone.ts";
import { BulkSkeleton } from "@/features/bulk/bulk-skeleton.tsx";
import {
  emptyWords,
  isOver,
  outcomeFilters,
  outcomeLook,
  settingWords,
  stateLook,
  titleOf,
} from "@/features/bulk/bulk-words.ts";
import { OutcomeBar } from "@/features/bulk/outcome-bar.tsx";
import { SteerButtons } from "@/features/bulk/steer-buttons.tsx";
import { TargetTable } from "@/features/bulk/target-table.tsx";
import { useBulk, useBulkTargets } from "@/features/bulk/use-bulk.ts";
import { ExportMenu } from "@/features/exports/export-menu.tsx";
import { formatCount } from "@/lib/number.ts";
import { shownText } from "@/lib/shown-text.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
import { type BulkParams, parseBulkParams, serializeBulkParams } from "./search-params.ts";

const urlState = { parse: parseBulkParams, serialize: serializeBulkParams };

/** One bulk action: how far it is, what came of each of its targets, and what may be done about it. */
export function BulkClient({ bulkId }: { bulkId: string }) {
  const query = useBulk(bulkId);
  const bulk = query.data;
  if (bulk === undefined)
    return (
      <>
        <PageHeader title="Bulk action" />
        {query.isError ? (
          <ErrorState what="the bulk action" error={query.error} onRetry={() => query.refetch()} />
        ) : (
          <BulkSkeleton />
        )}
      </>
    );
  return <Bulk bulk={bulk} />;
}

function Bulk({ bulk }: { bulk: BulkView }) {
  const routes = useRoutes();
  const { word, tone } = stateLook(bulk.state);
  return (
    <>
      <PageHeader title={titleOf(bulk)} detail={bulk.about === "" ? undefined : bulk.about}>
        <SteerButtons bulk={bulk} />
      </PageHeader>
      <Panel what="The progress" of={bulk}>
        <section aria-label="Progress" className="px-6 pb-3 max-[700px]:px-3">
          <p className="mb-2 flex flex-wrap items-baseline gap-x-4 gap-y-1">
            <span role="status" className={clsx("font-strong", toneText[tone])}>
              {word}
            </span>
            <span className="text-ink-2">
              {bulk.targets === undefined
                ? "The targets are being listed."
                : `${formatCount(bulk.sent)} of ${formatCount(bulk.targets)} sent`}
            </span>
            <span className="text-ink-2">
              “{shownText(bulk.reason)}” · {shownText(bulk.startedBy)} · <TimeAgo at={bulk.startedAt} />
            </span>
            <Link
              href={routes.run(bulk.bulkId)}
              className="text-ink-3 text-small underline underline-offset-2"
            >
              Show it as a run
            </Link>
          </p>
          {bulk.why === undefined ? null : (
            <p className={clsx("mb-2 rounded-md px-3 py-2", toneSoft[tone])}>{bulk.why}</p>
          )}
          <OutcomeBar bulk={bulk} />
          <p className="mt-1.5 text-ink-3 text-small">{settingWords(bulk).join(" · ")}</p>
        </section>
      </Panel>
      <Panel what="The table of targets" of={bulk}>
        <Targets bulk={bulk} />
      </Panel>
    </>
  );
}

function Targets({ bulk }: { bulk: BulkView }) {
  const { bulkId, targets: all = 0 } = bulk;
  const [{ outcome }, change] = useSearchState<BulkParams>(urlState);
  const query = useBulkTargets(bulkId, outcome, JSON.stringify([bulk.targets, bulk.sent, bulk.outcomes]));
  const targets = query.data?.pages.flatMap((page) => page.targets) ?? [];

  return (
    <>
      <div className="flex flex-wrap items-center gap-1.5 px-6 pb-2 max-[700px]:px-3">
        <fieldset className="contents" aria-label="Outcome">
          <Button
            size="small"
            look="quiet"
            aria-pressed={outcome === undefined}
            className={clsx(outcome === undefined && "bg-sunken font-strong")}
            onClick={() => change({ outcome: undefined })}
          >
            All {formatCount(all)}
          </Button>
          {outcomeFilters(bulk, outcome).map(([name, count]) => (
            <Button
              key={name}
              size="small"
              look="quiet"
              aria-pressed={outcome === name}
              className={clsx(outcome === name && "bg-sunken font-strong")}
              onClick={() => change({ outcome: name })}
            >
              <span className={toneText[outcomeLook(name).tone]}>{outcomeLook(name, isOver(bulk)).word}</span>{" "}
              {formatCount(count)}
            </Button>
          ))}
        </fieldset>
        <span className="flex-1" />
        <ExportMenu
          title="Targets"
          ask={(format) => ({
            list: "bulkTargets",
            query: { bulkId, ...(outcome !== undefined && { outcome }) },
            format,
          })}
          refusal={all === 0 ? "There are no targets yet." : undefined}
        />
      </div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        aria-label="List of targets"
        className="min-h-0 flex-1 overflow-auto border-line border-t bg-surface pb-2"
      >
        <StaleLine query={query} className="px-6 max-[700px]:px-3" />
        {query.isError && query.data === undefined ? (
          <ErrorState what="the targets" error={query.error} onRetry={() => query.refetch()} />
        ) : (
          <TargetTable verb={bulk.verb} targets={targets} isOver={isOver(bulk)} />
        )}
        {query.isSuccess && !query.isPlaceholderData && targets.length === 0 ? (
          <p className="px-6 py-3 text-ink-3 max-[700px]:px-3">{emptyWords(outcome)}</p>
        ) : null}
        <ShowMore query={query}>Show more</ShowMore>
      </section>
    </>
  );
}
