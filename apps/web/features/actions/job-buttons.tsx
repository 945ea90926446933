"use client";

import type { JobRow, RunView } from "@downbeat/api/views";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { isOpen } from "@/lib/status.ts";
import { ActionDialog, type ActionRequest } from "./action-dialog.tsx";
import type { ActionTarget, PersonVerb } from "./target.ts";

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
  const ask = (verb: PersonVerb) => setRequest({ verb, targets: [target], input: job.input });
  const isOver = !["scheduled", "running", "backingOff", "stuck"].includes(job.status) || !isOpen(run.shown);
  if (isOver || run.damaged !== undefined) return null;
  const isStuck = job.status === "stuck";
  const isWaiting = job.status === "scheduled";
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      {isStuck ? (
        <Button look="primary" onClick={() => ask("retryJob")}>
          Retry {job.jobType}
        </Button>
      ) : null}
      {job.status === "backingOff" ? (
        <Button look="primary" onClick={() => ask("runJobNow")}>
          Run {job.jobType} now
        </Button>
      ) : null}
      {isWaiting ? <Button onClick={() => ask("retryJob")}>Retry {job.jobType}</Button> : null}
      <Button onClick={() => ask("completeJob")}>Complete with a value</Button>
      <Button onClick={() => ask("cancelJob")}>Cancel {job.jobType}</Button>
      {isStuck ? null : <span className="text-ink-3 text-small">{whyWait[job.status]}</span>}
      <ActionDialog request={request} onClose={() => setRequest(undefined)} />
    </div>
  );
}
