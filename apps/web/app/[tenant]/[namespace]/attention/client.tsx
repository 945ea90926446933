"use client";

import { CircleCheck, History, OctagonPause } from "lucide-react";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { AttentionSkeleton, ItemsSkeleton } from "@/features/attention/attention-skeleton.tsx";
import { CauseList } from "@/features/attention/cause-list.tsx";
import { CausePanel } from "@/features/attention/cause-panel.tsx";
import { attentionWords, isWait } from "@/features/attention/cause-words.ts";
import { GonePanel } from "@/features/attention/gone-panel.tsx";
import { useAttention } from "@/features/attention/use-attention.ts";
import { keyOf, useKeptItems } from "@/features/attention/use-kept-items.ts";
import { WaitPanel } from "@/features/attention/wait-panel.tsx";
import { isSetAside } from "@/features/causes/mark-words.ts";
import { useMarkedCauses } from "@/features/causes/use-marked-causes.ts";
import { ExportMenu } from "@/features/exports/export-menu.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useLiveState } from "@/live/live-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
import { type AttentionParams, parseAttentionParams, serializeAttentionParams } from "./search-params.ts";

const urlState = { parse: parseAttentionParams, serialize: serializeAttentionParams };

/** What must I do now: what has stopped and waits for a person, by cause. */
export function AttentionClient() {
  const [params, change] = useSearchState<AttentionParams>(urlState);
  const { causes, groups = [], fingerprint, items } = useAttention(params.fingerprint);
  const fresh = items.isPlaceholderData ? undefined : items.data?.items;
  const kept = useKeptItems(fresh, fingerprint ?? "");
  const current = new Set((fresh ?? []).map(keyOf));
  const earlier = causes.data?.freshness.earlier;
  const isPartial = earlier?.openRunsKnown === false;
  const { freshness } = useLiveState();
  const error = causes.error ?? items.error;
  const { data: marked } = useMarkedCauses();
  const gone = (marked?.causes ?? []).filter(
    ({ mark }) => !groups.some((group) => group.fingerprint === mark.fingerprint),
  );
  const chosenGone = gone.find(({ mark }) => mark.fingerprint === fingerprint);
  const isQuiet = groups.every(({ kind }) => kind === "undecided") && kept.length === 0 && gone.length === 0;
  const isOpen = groups.some(({ standing }) => !isSetAside(standing));
  const cause = groups.find((group) => group.fingerprint === fingerprint);
  const isAsked = fingerprint !== undefined && error === null && (items.isPending || items.isPlaceholderData);
  return (
    <>
      <PageHeader
        title="Attention"
        detail={
          causes.data === undefined || (isPartial && causes.data.total === 0)
            ? undefined
            : attentionWords(causes.data)
        }
      >
        <ExportMenu
          title="Attention"
          ask={(format) => ({ list: "attention", query: {}, format })}
          refusal={causes.data?.total === 0 ? "Nothing needs a person." : undefined}
        />
      </PageHeader>
      {causes.data?.marksUnread === true ? (
        <p role="status" className="shrink-0 border-line border-t bg-sunken px-6 py-2 text-ink-2">
          What people have said of causes can’t be read from the log now: nothing is set aside until it can.
        </p>
      ) : null}
      <StaleLine query={causes} className="px-6 max-[700px]:px-3" />
      {causes.data === undefined ? (
        error === null ? (
          <AttentionSkeleton />
        ) : (
          <ErrorState what="what needs you" error={error} onRetry={() => causes.refetch()} />
        )
      ) : isQuiet && isPartial ? (
        <EmptyState icon={History} title="Nothing recent needs you">
          Runs that began before {formatDayAndClock(earlier.beginning)} are not all known yet: those that wait
          for a person appear here as soon as they are.
        </EmptyState>
      ) : isQuiet && freshness?.undecided !== undefined ? (
        <EmptyState
          icon={OctagonPause}
          title={
            freshness.undecided.every(({ kind }) => kind === "unknown")
              ? "Nothing is known to need you"
              : "No run needs you, but not all of them go on"
          }
        >
          {freshness.note} Until that is mended, what would need you there doesn't show. The log of the engine
          says more.
        </EmptyState>
      ) : isQuiet ? (
        <EmptyState icon={CircleCheck} title="Nothing needs you">
          When a job has used up its attempts, or a run's code can't go on, it stops here with its error and
          with what you can do about it. Everything else looks after itself.
        </EmptyState>
      ) : (
        <div className="flex min-h-0 flex-1 border-line border-t bg-surface max-[900px]:flex-col">
          <Panel what="The list of causes" of={causes.data}>
            <CauseList
              causes={groups}
              gone={gone}
              chosen={fingerprint}
              onChoose={(chosen) => change({ fingerprint: chosen })}
            />
          </Panel>
          {fingerprint === undefined ? (
            <div className="flex-1">
              <EmptyState icon={CircleCheck} title="Nothing needs you">
                {isOpen
                  ? "Choose a cause on the left."
                  : "What people have set aside is on the left: it comes back by itself when its time is over, or when it stops something again."}
              </EmptyState>
            </div>
          ) : kept.length === 0 && chosenGone !== undefined && cause === undefined ? (
            <Panel what="This cause" of={chosenGone}>
              <GonePanel key={fingerprint} cause={chosenGone} />
            </Panel>
          ) : kept.length === 0 && items.isSuccess && !items.isPlaceholderData && cause === undefined ? (
            <div className="flex-1">
              <EmptyState icon={CircleCheck} title="Nothing with this cause needs you any more">
                Choose another cause on the left.
              </EmptyState>
            </div>
          ) : null}
          <Panel what="This cause" of={items.data ?? cause}>
            {isAsked && kept.length === 0 ? (
              <ItemsSkeleton />
            ) : cause !== undefined && (isWait(cause.kind) || cause.kind === "undecided") ? (
              <WaitPanel cause={cause} items={fresh ?? []} />
            ) : (
              <CausePanel key={fingerprint} cause={cause} items={kept} current={current} />
            )}
          </Panel>
        </div>
      )}
    </>
  );
}
