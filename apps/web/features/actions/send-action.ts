import type { ActionView } from "@downbeat/api/views";
import type { Client } from "@/trpc/client.ts";
import type { ActionTarget, PersonVerb } from "./target.ts";

export interface ActionForm {
  readonly reason: string;
  /** JSON: the job's new input, its result, or the signal's payload. */
  readonly json?: string | undefined;
  readonly signalName?: string | undefined;
}

export function sendAction(
  client: Client,
  verb: PersonVerb,
  { runId, jobId = "" }: ActionTarget,
  { reason, json, signalName = "" }: ActionForm,
  actionId: string,
): Promise<ActionView> {
  const run = { runId, reason, actionId };
  const job = { ...run, jobId };
  switch (verb) {
    case "retryJob":
      return client.jobs.retry.mutate(json === undefined ? job : { ...job, input: json });
    case "cancelJob":
      return client.jobs.cancel.mutate(job);
    case "completeJob":
      return client.jobs.complete.mutate({ ...job, output: json ?? "null" });
    case "runJobNow":
      return client.jobs.runNow.mutate(job);
    case "cancelRun":
      return client.runs.cancel.mutate(run);
    case "terminateRun":
      return client.runs.terminate.mutate(run);
    case "resumeRun":
      return client.runs.resume.mutate(run);
    case "repairRun":
      return client.runs.repair.mutate({ ...run, outcome: "cut" });
    case "sendSignal":
      return client.runs.signal.mutate({ runId, actionId, name: signalName, payload: json ?? "null" });
  }
}
