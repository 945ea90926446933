import type { ActionView, TimerKind } from "@downbeat/api/views";
import type { Client } from "@/trpc/client.ts";
import type { ActionTarget, PersonVerb } from "./target.ts";

export interface ActionForm {
  readonly reason: string;
  /** JSON: the job's new input, its result, or the signal's payload. */
  readonly json?: string | undefined;
  readonly signalName?: string | undefined;
  /** Until when something is postponed, ms since the epoch. */
  readonly until?: number | undefined;
}

export function sendAction(
  client: Client,
  verb: PersonVerb,
  { runId, jobId = "", timer }: ActionTarget,
  { reason, json, signalName = "", until }: ActionForm,
  actionId: string,
): Promise<ActionView> {
  const run = { runId, reason, actionId };
  const job = { ...run, jobId };
  const seen = timer?.attempt === undefined ? {} : { attempt: timer.attempt };
  const due = { ...run, kind: timer?.kind ?? "sleep", id: timer?.id ?? jobId, ...seen };
  switch (verb) {
    case "retryJob":
      return client.jobs.retry.mutate(json === undefined ? job : { ...job, input: json });
    case "cancelJob":
      return client.jobs.cancel.mutate({ ...job, ...seen, ...seenState(timer?.kind) });
    case "completeJob":
      return client.jobs.complete.mutate({ ...job, output: json ?? "null" });
    case "runJobNow":
      return client.jobs.runNow.mutate({ ...job, ...seen });
    case "cancelRun":
      return client.runs.cancel.mutate(run);
    case "terminateRun":
      return client.runs.terminate.mutate(run);
    case "resumeRun":
      return client.runs.resume.mutate(run);
    case "repairRun":
      return client.runs.repair.mutate({ ...run, outcome: "cut" });
    case "fireTimer":
    case "timeOutJob":
      return client.timers.fire.mutate(due);
    case "postponeTimer":
    case "postponeRetry":
      return client.timers.postpone.mutate({ ...due, until });
    case "liftTimeout":
      return client.timers.cancel.mutate(due);
    case "sendSignal":
      return client.runs.signal.mutate({ runId, actionId, name: signalName, payload: json ?? "null" });
  }
}

/** What is seen among the timers is cancelled only as long as the job still waits for it. */
function seenState(kind: TimerKind | undefined): { readonly onlyWhile?: "backingOff" | "inFlight" } {
  if (kind === "backOff") return { onlyWhile: "backingOff" };
  return kind === "deadline" ? { onlyWhile: "inFlight" } : {};
}
