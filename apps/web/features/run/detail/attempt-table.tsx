"use client";

import type { AttemptView, JobRow } from "@downbeat/api/views";
import type { Failure } from "@downbeat/domain";
import { clsx } from "clsx";
import { FailureView } from "@/components/failure-view.tsx";
import { Elapsed, TimeAgo } from "@/components/time-ago.tsx";
import { toneText } from "@/components/tone.ts";
import { formatFull } from "@/lib/absolute-time.ts";
import { formatDuration } from "@/lib/duration.ts";
import { known } from "@/lib/known.ts";
import type { Tone } from "@/lib/status.ts";
import { Section } from "./section.tsx";

const outcomes: Readonly<Record<NonNullable<AttemptView["outcome"]>, { word: string; tone: Tone }>> = {
  completed: { word: "completed", tone: "completed" },
  rejected: { word: "refused", tone: "failed" },
  failed: { word: "failed", tone: "failed" },
  timedOut: { word: "timed out", tone: "failed" },
  cancelled: { word: "cancelled", tone: "ended" },
};

interface AttemptTableProps {
  readonly job: JobRow;
  /** Quoted whole above; an attempt that failed the same way need not repeat it. */
  readonly knownFailure: Failure | undefined;
}

export function AttemptTable({ job, knownFailure }: AttemptTableProps) {
  const left = Math.max(0, job.maxAttempts - job.attempts.length);
  return (
    <Section
      title={`Attempts, ${job.maxAttempts} at most`}
      aside={
        job.status === "backingOff" && job.retryAt !== undefined ? (
          <span className="text-ink-2 text-small">
            next <TimeAgo at={job.retryAt} />, {left} left
          </span>
        ) : undefined
      }
    >
      <ol className="rounded-md border border-line">
        {job.attempts.map((attempt, index) => {
          const before = job.attempts[index - 1]?.endedAt;
          return (
            <li key={attempt.attempt} className="border-line border-b px-2.5 py-1 last:border-b-0">
              <div className="flex items-center gap-2">
                <span className="w-5 text-ink-3 text-small">{attempt.attempt}</span>
                <OutcomeWord attempt={attempt} isOpen={job.to === undefined} />
                <span className="min-w-0 flex-1 truncate text-ink-2 text-small" title={attempt.worker}>
                  {attempt.worker === undefined ? "" : `on ${attempt.worker}`}
                </span>
                {before === undefined ? null : (
                  <span className="shrink-0 text-ink-3 text-small">
                    after a pause of {formatDuration(attempt.requestedAt - before)}
                  </span>
                )}
                <span
                  className="w-18 shrink-0 text-right text-ink-2 text-small"
                  title={`Requested ${formatFull(attempt.requestedAt)}`}
                >
                  <Elapsed from={attempt.startedAt ?? attempt.requestedAt} to={attempt.endedAt ?? job.to} />
                </span>
              </div>
              <AttemptFailure attempt={attempt} before={job.attempts.slice(0, index)} above={knownFailure} />
            </li>
          );
        })}
        {job.attempts.length === 0 ? <li className="px-2.5 py-1 text-ink-2">None yet.</li> : null}
      </ol>
    </Section>
  );
}

interface AttemptFailureProps {
  readonly attempt: AttemptView;
  readonly before: readonly AttemptView[];
  /** Quoted whole above the attempts. */
  readonly above: Failure | undefined;
}

/** Each error is quoted once: above, or at the first attempt that ended with it. */
function AttemptFailure({ attempt: { failure }, before, above }: AttemptFailureProps) {
  if (failure === undefined || sameFailure(failure, above)) return null;
  const first = before.find((each) => sameFailure(failure, each.failure));
  if (first !== undefined)
    return <p className="ml-7 text-ink-3 text-small">{`as attempt ${first.attempt}: ${failure.name}`}</p>;
  return (
    <div className="mt-1 mb-1 ml-5">
      <FailureView failure={failure} />
    </div>
  );
}

function OutcomeWord({ attempt, isOpen }: { attempt: AttemptView; isOpen: boolean }) {
  if (attempt.outcome === undefined && !isOpen) return <span className="w-18 text-ink-3">no outcome</span>;
  if (attempt.outcome === undefined)
    return <span className="w-18 text-running">{attempt.startedAt === undefined ? "waits" : "at work"}</span>;
  const { word, tone } = known(outcomes, attempt.outcome) ?? {
    word: attempt.outcome,
    tone: "ended" as const,
  };
  return <span className={clsx("w-18", toneText[tone])}>{word}</span>;
}

function sameFailure(one: Failure, other: Failure | undefined): boolean {
  return other !== undefined && one.name === other.name && one.message === other.message;
}
