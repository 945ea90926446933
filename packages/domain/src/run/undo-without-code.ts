import type { Failure } from "../failure.ts";
import type { RunDecision } from "./decisions.ts";
import type { EventOf, RunEvent } from "./events.ts";
import { openJobs } from "./open.ts";
import type { OpenRun } from "./state.ts";

/**
 * What is next in a run that is being cancelled and whose code is gone, changed, or can't be run: its history says what the code had registered, and what
 * became of that so far. The jobs under way are waited for, then what is registered is undone, the last first, as the code's own library does it.
 *
 * @param events all of the run's, from the beginning
 */
export function undoWithoutCode(run: OpenRun, events: Iterable<RunEvent>): RunDecision[] {
  const { codeGivenUp } = run;
  if (codeGivenUp === undefined || openJobs(run).length > 0) return [];
  const told = tell(events);
  const next = [...told.owed.values()].at(-1);
  if (next === undefined) return [{ type: "FinishCancel", failure: ending(codeGivenUp, told) }];
  const { compensationId, jobType, input, options } = next;
  const jobId = `j${run.jobCount + 1}`;
  const undo = { compensationId, jobType, input, ...(options !== undefined && { options }) };
  return [{ type: "ScheduleJob", jobId, ...undo }];
}

/** What the run's history tells of its undoing. */
interface Told {
  /** Registered and not begun with, by id. */
  readonly owed: Map<string, EventOf<"CompensationRegistered">>;
  readonly notUndone: string[];
  /** Completed when nobody could register an undo for them any more. */
  readonly late: string[];
  registered: number;
}

function tell(events: Iterable<RunEvent>): Told {
  const told: Told = { owed: new Map(), notUndone: [], late: [], registered: 0 };
  const undone = new Set<string>();
  const jobs = new Map<string, EventOf<"JobScheduled">>();
  const named = (jobId: string) => `${jobs.get(jobId)?.jobType} (${jobId})`;
  const isUndo = (jobId: string) => jobs.get(jobId)?.compensationId !== undefined;
  let isCancelled = false;
  for (const event of events) {
    switch (event.type) {
      case "CompensationRegistered":
        told.owed.set(event.compensationId, event);
        told.registered += 1;
        if (event.undoes !== undefined) undone.add(event.undoes);
        break;
      case "JobScheduled":
        jobs.set(event.jobId, event);
        if (event.compensationId !== undefined) told.owed.delete(event.compensationId);
        break;
      case "RunCancelRequested":
        isCancelled = true;
        break;
      case "JobCompleted":
        if (isCancelled && !isUndo(event.jobId)) told.late.push(event.jobId);
        break;
      case "JobRejected":
      case "JobFailed":
        if (isUndo(event.jobId)) told.notUndone.push(`${named(event.jobId)}: ${event.failure.message}`);
        break;
      case "JobCancelled":
        if (isUndo(event.jobId)) told.notUndone.push(`${named(event.jobId)}: cancelled`);
        break;
      default:
    }
  }
  const late = told.late.filter((jobId) => !undone.has(jobId)).map(named);
  return { ...told, late };
}

/** What the run is cancelled with: why its code had no say, and what came of that. */
function ending({ kind, name, message }: Failure, { registered, late, notUndone }: Told): Failure {
  const sentences = [
    registered === 0
      ? "The run was cancelled without its code, which had registered nothing that is to be undone."
      : "What the run's code had registered was undone without it.",
    ...(late.length === 0
      ? []
      : [`Completed after the cancel, and perhaps to be undone by hand: ${listed(late)}.`]),
    ...(notUndone.length === 0 ? [] : [`Not undone: ${listed(notUndone)}`]),
    message,
  ];
  return { kind, name, message: sentences.join(" ").slice(0, longestMessage) };
}

const longestMessage = 4_000;
const mostListed = 20;

function listed(names: readonly string[]): string {
  const more = names.length > mostListed ? ` and ${names.length - mostListed} more` : "";
  return names.slice(0, mostListed).join("; ") + more;
}
