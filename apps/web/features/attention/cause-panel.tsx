"use client";

import type { AttentionList, BulkVerb, AttentionItem as Item } from "@downbeat/api/views";
import { useMemo, useState } from "react";
import { FailureView } from "@/components/failure-view.tsx";
import { ActionDialog } from "@/features/actions/load-action-dialog.ts";
import { needs } from "@/features/actions/needs.ts";
import type { ActionRequest } from "@/features/actions/request.ts";
import type { ActionTarget, PersonVerb } from "@/features/actions/target.ts";
import { VerbButton } from "@/features/actions/verb-button.tsx";
import { BulkMenu } from "@/features/bulk/bulk-menu.tsx";
import { BulkDialog } from "@/features/bulk/load-bulk-dialog.ts";
import type { BulkRequest } from "@/features/bulk/request.ts";
import { CauseFacts } from "@/features/causes/cause-facts.tsx";
import { MarkLine } from "@/features/causes/mark-line.tsx";
import { formatCount, plural } from "@/lib/number.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { AttentionItem } from "./attention-item.tsx";
import { causeTitle } from "./cause-words.ts";
import { DamageWords } from "./damage-words.tsx";
import { MarkedMessage } from "./marked-message.tsx";
import { mostItems } from "./use-attention.ts";
import { keyOf } from "./use-kept-items.ts";

interface CausePanelProps {
  /** Missing when its last item has just been dealt with. */
  readonly cause: AttentionList["groups"][number] | undefined;
  readonly items: readonly Item[];
  readonly current: ReadonlySet<string>;
}

const targetOf = ({ kind, runId, workflow, labels, job }: Item): ActionTarget => ({
  runId,
  workflow,
  labels,
  ...(kind === "history" && { isSetAside: true }),
  ...(job === undefined ? {} : { jobId: job.jobId, jobType: job.jobType }),
});

/** What may be done to all of a cause, besides its remedy. */
const others = {
  job: ["cancelJob", "completeJob", "cancelRun", "terminateRun"],
  code: ["cancelRun", "terminateRun"],
  history: ["terminateRun"],
} as const satisfies Partial<Record<Item["kind"], readonly BulkVerb[]>>;

const remedies = {
  job: { verb: "retryJob", label: "Retry the job", all: "Retry" },
  code: { verb: "resumeRun", label: "Resume the run", all: "Resume" },
  history: { verb: "repairRun", label: "Repair the run", all: "Repair" },
} as const satisfies Partial<Record<Item["kind"], { verb: BulkVerb; label: string; all: string }>>;

/** Asked for from here, of one or of several. */
type Remedy = PersonVerb & BulkVerb;

function aboutOf(kind: keyof typeof remedies, { job, failure, workflow }: Item): string {
  if (kind === "history") return "Damaged history";
  return `${job?.jobType ?? workflow}: ${failure.name}: ${failure.message}`;
}

/** One cause with everything it has stopped: done about one by one, or about several at once. */
export function CausePanel({ cause, items, current }: CausePanelProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [request, setRequest] = useState<ActionRequest>();
  const [bulk, setBulk] = useState<BulkRequest>();
  const messages = useMemo(() => [...new Set(items.map(({ failure }) => failure.message))], [items]);
  const open = items.filter((item) => current.has(keyOf(item)));
  const picked = open.filter((item) => chosen.has(keyOf(item)));
  // A run may have several of its jobs stuck.
  const pickedRuns = new Set(picked.map(({ runId }) => runId)).size;
  const first = items[0];
  const kind = first?.kind === "code" || first?.kind === "history" ? first.kind : "job";
  const { verb: retry, label } = remedies[kind];
  const retryRefusal = useRefusal(needs[retry]);

  const about = first === undefined ? "" : aboutOf(kind, first);

  /** One is acted on here and now; several are a bulk action, which goes on without this page. */
  function ask(verb: Remedy, chosen: readonly Item[]): void {
    const [only] = chosen;
    if (only === undefined) return;
    if (chosen.length === 1) return setRequest({ verb, target: targetOf(only), input: only.job?.input });
    const targets = chosen.map(({ runId, job }) => ({
      runId,
      ...(job !== undefined && { jobId: job.jobId }),
    }));
    setBulk({ verb, selection: { type: "items", items: targets }, count: chosen.length, about });
  }

  function askAll(verb: BulkVerb): void {
    if (cause === undefined) return;
    const { fingerprint, count } = cause;
    setBulk({ verb, selection: { type: "cause", fingerprint }, count, about });
  }

  function focusedItem(): Item | undefined {
    const focused = document.activeElement?.getAttribute("data-item");
    return open.find((item) => keyOf(item) === focused);
  }

  function move(by: number): void {
    const at = items.findIndex((item) => keyOf(item) === document.activeElement?.getAttribute("data-item"));
    const next = items[Math.max(0, Math.min(items.length - 1, at + by))];
    if (next === undefined) return;
    document.querySelector<HTMLElement>(`[data-item="${CSS.escape(keyOf(next))}"]`)?.focus();
  }

  function toggle(key: string, isChosen: boolean): void {
    setChosen((before) => {
      const next = new Set(before);
      if (isChosen) next.add(key);
      else next.delete(key);
      return next;
    });
  }

  useCommands([
    { id: "next", label: "Next item", group: "This page", keys: "j", keyOnly: true, run: () => move(1) },
    {
      id: "previous",
      label: "Previous item",
      group: "This page",
      keys: "k",
      keyOnly: true,
      run: () => move(-1),
    },
    {
      id: "choose",
      label: "Choose the item",
      group: "This page",
      keys: "x",
      keyOnly: true,
      run: () => {
        const item = focusedItem();
        if (item !== undefined) toggle(keyOf(item), !chosen.has(keyOf(item)));
      },
    },
    {
      id: "retry",
      label: `${label}, or all chosen`,
      group: "This page",
      keys: "r",
      run: () => {
        const chosen =
          picked.length > 0 ? picked : [focusedItem() ?? open[0]].filter((item) => item !== undefined);
        if (retryRefusal === undefined) ask(retry, chosen);
      },
    },
    ...(cause !== undefined && cause.count > 1
      ? [
          {
            id: "retry-all",
            label: `${remedies[kind].all} all ${formatCount(cause.count)} of this cause…`,
            group: "This page",
            keys: "a",
            refusal: retryRefusal,
            run: () => askAll(retry),
          } as const,
        ]
      : []),
  ]);

  if (first === undefined) return null;
  const name = kind === "history" ? "damaged history" : first.failure.name;
  return (
    <section
      aria-label={`Stopped by ${name}`}
      className="flex min-h-0 min-w-0 flex-1 flex-col max-[900px]:overflow-y-auto"
    >
      <div className="shrink-0 border-line border-b px-6 max-[700px]:px-3 pt-3 pb-2">
        <h2 className="sr-only">Stopped by {name}</h2>
        {kind === "history" ? (
          <DamageWords message={<MarkedMessage message={first.failure.message} others={messages} />} />
        ) : (
          <FailureView
            failure={first.failure}
            tone="stuck"
            mark={(message) => <MarkedMessage message={message} others={messages} />}
          />
        )}
        {cause === undefined ? null : (
          <>
            <CauseFacts cause={cause} />
            <MarkLine cause={{ ...cause, title: causeTitle(cause) }} />
          </>
        )}
        <div className="mt-2 flex min-h-8 flex-wrap items-center gap-2">
          {open.length === 0 ? null : (
            <label className="flex items-center gap-2.5">
              <input
                type="checkbox"
                className="-ml-1"
                checked={picked.length === open.length}
                ref={(box) => {
                  if (box !== null) box.indeterminate = picked.length > 0 && picked.length < open.length;
                }}
                onChange={({ target }) => setChosen(new Set(target.checked ? open.map(keyOf) : []))}
              />
              {picked.length === 0
                ? `All ${formatCount(open.length)}`
                : `${formatCount(picked.length)} chosen`}
            </label>
          )}
          {picked.length === 0 ? null : (
            <>
              <VerbButton
                verb={retry}
                onAsk={() => ask(retry, picked)}
                look="primary"
                size="small"
                className="max-w-full"
              >
                <span className="truncate">
                  {kind === "job"
                    ? `Retry ${first.job?.jobType} in ${plural(pickedRuns, "run")}`
                    : `${kind === "code" ? "Resume" : "Repair"} ${plural(picked.length, "run")}`}
                </span>
              </VerbButton>
              {kind !== "job" ? null : (
                <VerbButton verb="cancelJob" onAsk={() => ask("cancelJob", picked)} size="small">
                  Cancel in {plural(pickedRuns, "run")}
                </VerbButton>
              )}
            </>
          )}
          <span className="flex-1" />
          {cause !== undefined && cause.count > 1 && picked.length === 0 ? (
            <>
              <VerbButton verb={retry} onAsk={() => askAll(retry)} look="primary" size="small">
                {remedies[kind].all} all {formatCount(cause.count)}…
              </VerbButton>
              <BulkMenu label="More to do with all of them" verbs={others[kind]} onAsk={askAll}>
                More for all {formatCount(cause.count)}
              </BulkMenu>
            </>
          ) : null}
          {cause !== undefined && cause.count > mostItems ? (
            <span className="text-ink-3 text-small">
              the oldest {formatCount(mostItems)} of {formatCount(cause.count)}
            </span>
          ) : null}
        </div>
      </div>
      <ul
        aria-label="What needs a person"
        className="min-h-0 flex-1 overflow-y-auto max-[900px]:flex-none max-[900px]:overflow-visible"
      >
        {items.map((item) => (
          <AttentionItem
            key={keyOf(item)}
            item={item}
            messages={messages}
            isChosen={chosen.has(keyOf(item))}
            isGone={!current.has(keyOf(item))}
            onChoose={(isChosen) => toggle(keyOf(item), isChosen)}
            onAsk={(verb) => setRequest({ verb, target: targetOf(item), input: item.job?.input })}
          />
        ))}
      </ul>
      <ActionDialog request={request} onClose={() => setRequest(undefined)} />
      <BulkDialog request={bulk} onClose={() => setBulk(undefined)} />
    </section>
  );
}
