"use client";

import type { AttentionItem as Item } from "@downbeat/api/views";
import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { IconButton } from "@/components/button.tsx";
import { FailureView } from "@/components/failure-view.tsx";
import { JsonView } from "@/components/json-view.tsx";
import { LabelChips } from "@/components/labels.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { OutcomeLine } from "@/features/actions/outcome-line.tsx";
import type { PersonVerb } from "@/features/actions/target.ts";
import { VerbButton } from "@/features/actions/verb-button.tsx";
import { AttemptTable } from "@/features/run/detail/attempt-table.tsx";
import { Section } from "@/features/run/detail/section.tsx";
import { plural } from "@/lib/number.ts";
import { shortId } from "@/lib/short-id.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { keyOf } from "./use-kept-items.ts";
import { varyingParts } from "./varying-parts.ts";

interface AttentionItemProps {
  readonly item: Item;
  /** Messages of the other items: what differs in this one is marked. */
  readonly messages: readonly string[];
  readonly isChosen: boolean;
  /** Acted on, and no longer among what needs a person. */
  readonly isGone: boolean;
  readonly onChoose: (isChosen: boolean) => void;
  readonly onAsk: (verb: PersonVerb) => void;
}

export function AttentionItem({ item, messages, isChosen, isGone, onChoose, onAsk }: AttentionItemProps) {
  const routes = useRoutes();
  const [isOpen, setOpen] = useState(false);
  const { runId, job, failure } = item;
  const key = keyOf(item);
  // The error is quoted whole above the list: a line of it needs to say only in what it differs.
  const differing = [
    ...new Set(varyingParts(failure.message, messages).flatMap(({ text, varies }) => (varies ? [text] : []))),
  ];
  return (
    <li
      className={clsx(
        // Two hundred of them: what is not on the screen is neither laid out nor painted, and can still be found and reached.
        "border-line border-b py-2 pr-6 pl-5 [contain-intrinsic-block-size:auto_49px] [content-visibility:auto] max-[700px]:px-3",
        isChosen && !isGone && "bg-accent-soft",
      )}
    >
      <div className="flex items-start gap-2.5 max-[700px]:flex-wrap">
        <input
          type="checkbox"
          aria-label={`Choose ${runId}`}
          className="mt-1.5"
          checked={isChosen && !isGone}
          disabled={isGone}
          onChange={({ target }) => onChoose(target.checked)}
        />
        <div className="min-w-0 flex-1 max-[700px]:basis-[70%]">
          <div className="flex flex-wrap items-center gap-x-3">
            <Link
              data-item={key}
              href={routes.run(runId, job === undefined ? {} : { row: job.rowId })}
              title={runId}
              className="rounded font-mono hover:underline min-[1400px]:w-60"
            >
              {shortId(runId, 28)}
            </Link>
            <span className="text-ink-3 min-[1400px]:w-36">
              {isGone ? "was stuck since" : "stuck"} <TimeAgo at={item.since} />
            </span>
            <span className="flex flex-wrap gap-1">
              <LabelChips labels={item.labels} runId={runId} />
            </span>
            {differing.length === 0 || isGone ? null : (
              <span
                className="max-w-full truncate text-small"
                title={`The error says here: ${differing.join(", ")}`}
              >
                <span className="text-ink-3">here </span>
                {differing.map((text) => (
                  <mark key={text} className="mr-1 rounded-[3px] bg-sunken px-1 font-mono text-ink">
                    {text}
                  </mark>
                ))}
              </span>
            )}
          </div>
          <OutcomeLine target={key} className="mt-1" />
        </div>
        {isGone ? null : (
          <div className="flex shrink-0 flex-wrap items-center justify-end gap-1.5">
            {item.kind === "history" ? (
              <>
                <VerbButton size="small" verb="repairRun" onAsk={onAsk}>
                  Repair the run
                </VerbButton>
                <VerbButton size="small" look="quiet" verb="terminateRun" onAsk={onAsk}>
                  Terminate
                </VerbButton>
              </>
            ) : job === undefined ? (
              <VerbButton size="small" verb="resumeRun" onAsk={onAsk}>
                Resume the run
              </VerbButton>
            ) : (
              <>
                <VerbButton
                  size="small"
                  className="max-w-64"
                  title={`Retry ${job.jobType}`}
                  verb="retryJob"
                  onAsk={onAsk}
                >
                  <span className="truncate">Retry {job.jobType}</span>
                </VerbButton>
                <VerbButton size="small" look="quiet" verb="completeJob" onAsk={onAsk}>
                  Complete
                </VerbButton>
                <VerbButton size="small" look="quiet" verb="cancelJob" onAsk={onAsk}>
                  Cancel
                </VerbButton>
              </>
            )}
          </div>
        )}
        {job === undefined ? null : (
          <IconButton
            label={
              isOpen ? "Hide the attempts" : `Show ${plural(job.attempts.length, "attempt")} and the input`
            }
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <ChevronRight aria-hidden size={14} className={clsx(isOpen && "rotate-90")} />
          </IconButton>
        )}
      </div>
      {isOpen && job !== undefined ? (
        <div className="fade-in mt-2 grid gap-x-5 pl-6 xl:grid-cols-2">
          <div>
            <Section title="Error">
              <FailureView failure={failure} tone="stuck" />
            </Section>
            <AttemptTable job={job} knownFailure={failure} />
          </div>
          <Section title="Input">
            <JsonView text={job.input} what="input" />
          </Section>
        </div>
      ) : null}
    </li>
  );
}
