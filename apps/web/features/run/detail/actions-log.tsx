"use client";

import type { ActionView, TimelineRow } from "@downbeat/api/views";
import { clsx } from "clsx";
import Link from "next/link";
import { TimeAgo } from "@/components/time-ago.tsx";
import { toneText } from "@/components/tone.ts";
import { describeOutcome } from "@/features/actions/outcome.ts";
import { known } from "@/lib/known.ts";
import { shownText } from "@/lib/shown-text.ts";
import { useNow } from "@/lib/use-now.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { Section } from "./section.tsx";

const words: Readonly<Record<ActionView["verb"], string>> = {
  startRun: "started the run",
  cancelRun: "asked to cancel the run",
  terminateRun: "terminated the run",
  resumeRun: "resumed the run",
  repairRun: "repaired the run",
  sendSignal: "sent a signal",
  retryJob: "retried",
  cancelJob: "cancelled",
  completeJob: "completed",
  runJobNow: "ran at once",
  postponeRetry: "postponed the next attempt of",
  timeOutJob: "timed out the attempt of",
  fireTimer: "ended at once",
  postponeTimer: "postponed",
  liftTimeout: "removed the time-out from",
};

interface ActionsLogProps {
  readonly actions: readonly ActionView[];
  readonly rows: readonly TimelineRow[];
  readonly onRow: (rowId: string) => void;
}

/** Who did what, why, and what came of it. */
export function ActionsLog({ actions, rows, onRow }: ActionsLogProps) {
  const now = useNow(1_000);
  const routes = useRoutes();
  const mayReadAudit = useRefusal("readAudit") === undefined;
  const runId = actions[0]?.runId;
  const name = (rowId: string) => {
    const row = rows.find((each) => each.rowId === rowId);
    if (row?.kind === "timer") return "the sleep";
    if (row?.kind === "signal") return `the wait for ${row.name}`;
    return row?.jobType ?? rowId;
  };
  return (
    <Section title="What people did">
      <ol className="rounded-md border border-line">
        {actions.map((action) => {
          const outcome = describeOutcome(action, now);
          const rowId = action.jobId ?? action.timerId;
          return (
            <li key={action.actionId} className="border-line border-b px-2.5 py-1.5 last:border-b-0">
              <p className="flex gap-2">
                <span className="min-w-0 flex-1">
                  <span className="font-strong">{shownText(action.actor)}</span>{" "}
                  {known(words, action.verb) ?? action.verb}{" "}
                  {rowId === undefined ? null : (
                    <button
                      type="button"
                      onClick={() => onRow(rowId)}
                      className="rounded text-accent hover:underline"
                    >
                      {name(rowId)}
                    </button>
                  )}
                </span>
                <TimeAgo at={action.at} className="shrink-0 text-ink-3 text-small" />
              </p>
              {action.reason === "" ? null : (
                <p className="break-words text-ink-2">“{shownText(action.reason)}”</p>
              )}
              <p className={clsx("text-small", toneText[outcome.tone])}>{outcome.text}</p>
            </li>
          );
        })}
      </ol>
      {runId === undefined || !mayReadAudit ? null : (
        <p className="mt-1.5 text-small">
          <Link href={routes.audit({ on: runId })} className="rounded text-accent hover:underline">
            In the audit
          </Link>
          <span className="text-ink-3">, with what was refused and from where</span>
        </p>
      )}
    </Section>
  );
}
