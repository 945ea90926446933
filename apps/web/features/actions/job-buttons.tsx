"use client";

import type { JobRow, RunView } from "@downbeat/api/views";
import { useState } from "react";
import { known } from "@/lib/known.ts";
import { isOpen } from "@/lib/status.ts";
import { ActionDialog } from "./load-action-dialog.ts";
import type { ActionRequest } from "./request.ts";
import type { ActionTarget, PersonVerb } from "./target.ts";
import { VerbButton } from "./verb-button.tsx";

interface JobButtonsProps {
  readonly job: JobRow;
  readonly target: ActionTarget;
  readonly run: Pick<RunView, "shown" | "closing" | "damaged">;
}

const whyWait: Readonly<Partial<Record<JobRow["status"], string>>> = {
  scheduled: "It waits for a worker. An attempt that was lost is handed over again by itself.",
  running: "Retry is for a stuck job; this one is still at it.",
  backingOff: "Retry comes by itself.",
};

/** What may be done about a job now; for an ended one, why nothing may. */
export function JobButtons({ job, target, run }: JobButtonsProps) {
  const [request, setRequest] = useState<ActionRequest>();
  const ask = (verb: PersonVerb) => setRequest({ verb, target, input: job.input });
  const isOver = !["scheduled", "running", "backingOff", "stuck"].includes(job.status) || !isOpen(run.shown);
  if (isOver || run.damaged !== undefined) return null;
  const isStuck = job.status === "stuck";
  const isWaiting = job.status === "scheduled";
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      {isStuck ? (
        <VerbButton look="primary" verb="retryJob" onAsk={ask}>
          Retry {job.jobType}
        </VerbButton>
      ) : null}
      {job.status === "backingOff" ? (
        <VerbButton look="primary" verb="runJobNow" onAsk={ask}>
          Run {job.jobType} now
        </VerbButton>
      ) : null}
      {isWaiting ? (
        <VerbButton verb="retryJob" onAsk={ask}>
          Retry {job.jobType}
        </VerbButton>
      ) : null}
      <VerbButton verb="completeJob" onAsk={ask}>
        Complete with a value
      </VerbButton>
      <VerbButton verb="cancelJob" onAsk={ask}>
        Cancel {job.jobType}
      </VerbButton>
      {isStuck ? null : <span className="text-ink-3 text-small">{known(whyWait, job.status)}</span>}
      <ActionDialog request={request} onClose={() => setRequest(undefined)} />
    </div>
  );
}
