import {
  type Action,
  type AskedAgainBecause,
  type EventOf,
  type Failure,
  failureWords,
  type RunEvent,
} from "@downbeat/domain";
import type { TimelineRow } from "../views.ts";
import { durationWords } from "./time-words.ts";
import { moment, type Told, tell } from "./told.ts";

const askedAgainWords: Readonly<Record<AskedAgainBecause, string>> = {
  history: "the worker that was asked did not have the run's history",
  notMine: "the code of the worker that was asked does not fit the run's history",
  noAnswer: "no answer came in time",
  workerEnded: "workers ended while deciding it",
  unfinished: "only part of the last answer was recorded",
};

function askedAgainSentence(event: EventOf<"CodeAskedAgain">): string {
  const { because, message, build, next, failure, untaken, ended } = event;
  const whom = next === undefined ? "The workers were" : `Build ${next} was`;
  if (failure !== undefined) {
    const by = build === undefined ? "the worker that was asked" : `build ${build}`;
    const how = untaken === "passedOver" ? ", skipping what nobody accepts" : "";
    return `${whom} asked for the next step again${how}: ${by} does not accept what was recorded: ${failure.message}`;
  }
  if (ended !== undefined)
    return `The workers were asked for the next step again: the worker that had the question ${ended === "maybe" ? "ended before starting on it" : "may have ended"}.`;
  const why =
    build === undefined || message !== undefined
      ? askedAgainWords[because]
      : `build ${build} does not fit the run's history`;
  return `${whom} asked for the next step again: ${why}${message === undefined ? "." : `: ${message}`}`;
}

/** An event in plain words. Names are quoted as they are: whoever shows them treats them as text. */
export function sentenceOf(event: RunEvent, at: number, rows: ReadonlyMap<string, TimelineRow>): Told {
  switch (event.type) {
    case "JobScheduled": {
      const asked = `${event.jobType} was scheduled${undoing(event.compensationId, event.jobId, rows)}`;
      if (event.heldUntil === undefined) return tell`${asked}.`;
      return tell`${asked}; it starts once the worker of a cancelled job has ended, ${moment(event.heldUntil, at)} at the latest.`;
    }
    case "TimerSet":
      return event.waitId === undefined
        ? tell`Sleeping until ${moment(event.dueAt, at)}.`
        : tell`The wait for ${signalName(event.waitId, rows)} ends at ${moment(event.dueAt, at)} at the latest.`;
    case "TimerPostponed":
      return rows.get(event.timerId)?.kind === "signal"
        ? tell`${byWhom(event.action)} postponed the end of the wait for ${signalName(event.timerId, rows)} to ${moment(event.dueAt, at)}${because(event.action)}`
        : tell`${byWhom(event.action)} postponed the end of the sleep to ${moment(event.dueAt, at)}${because(event.action)}`;
    case "RetryPostponed":
      return tell`${byWhom(event.action)} postponed the next attempt of ${jobName(event.jobId, rows)} to ${moment(event.retryAt, at)}${because(event.action)}`;
    default:
      return tell`${timeless(event, at, rows)}`;
  }
}

function timeless(
  event: Exclude<RunEvent, { type: "JobScheduled" | "TimerSet" | "TimerPostponed" | "RetryPostponed" }>,
  at: number,
  rows: ReadonlyMap<string, TimelineRow>,
): string {
  switch (event.type) {
    case "RunStarted":
      return event.startedBy === undefined
        ? `${event.workflow} started.`
        : `${event.startedBy} started ${event.workflow}.`;
    case "LabelsSet":
      return `Labels set: ${Object.entries(event.labels)
        .map(([key, value]) => `${key} = ${value}`)
        .join(", ")}.`;
    case "VersionRecorded":
      return `Version ${event.version} of ${event.changeId} applies from here on.`;
    case "RunCompleted":
      return "The run completed.";
    case "RunFailing":
      return `The run is failing with ${words(event.failure)} Completed steps are being undone.`;
    case "RunFailed":
      return `The run failed with ${words(event.failure)}`;
    case "RunCancelRequested":
      return `${byWhom(event.action)} asked to cancel the run${because(event.action)}`;
    case "RunCancelled":
      return event.failure === undefined
        ? "The run was cancelled."
        : `The run was cancelled; undoing its steps ended with ${words(event.failure)}`;
    case "RunTerminated":
      return `${byWhom(event.action)} terminated the run${because(event.action)}`;
    case "RunStuck":
      return `The workflow code can't continue: ${words(event.failure)} The run waits for a person.`;
    case "CodeGivenUp":
      return `The workflow code can't be asked: ${words(event.failure)} The undo steps it registered run without it.`;
    case "CodeAnswered":
      return `${event.worker ?? "A worker"}${event.build === undefined ? "" : `, build ${event.build},`} decided what comes next.`;
    case "CodeAskedAgain":
      return askedAgainSentence(event);
    case "RunResumed":
      return `${byWhom(event.action)} resumed the run${because(event.action)}`;
    case "RunRepaired":
      return event.outcome === "cut"
        ? `${byWhom(event.action)} repaired the damaged run, which continues from its last good event${because(event.action)} Found: ${event.message}.`
        : `${byWhom(event.action)} closed the damaged run${because(event.action)} Found: ${event.message}.`;
    case "AttemptRequested":
      return event.attempt === 1
        ? `${jobName(event.jobId, rows)} was sent to the workers.`
        : `${jobName(event.jobId, rows)} was sent to the workers again, attempt ${event.attempt}.`;
    case "AttemptStarted":
      return `${event.worker} started ${jobName(event.jobId, rows)}${attemptWords(event.attempt)}.`;
    case "AttemptHeartbeat":
      return `${jobName(event.jobId, rows)} is still running${attemptWords(event.attempt)}.`;
    case "AttemptFailed": {
      const what = `${jobName(event.jobId, rows)} failed${attemptWords(event.attempt)}: ${words(event.failure)}`;
      const why = event.action === undefined ? "" : ` ${ended(`Reason: ${event.action.reason}`)}`;
      return event.retryAt === undefined
        ? `${what}${why} No attempts are left.`
        : `${what}${why} The next attempt is in ${durationWords(event.retryAt - at)}.`;
    }
    case "JobCompleted":
      return event.action === undefined
        ? `${jobName(event.jobId, rows)} completed.`
        : `${byWhom(event.action)} completed ${jobName(event.jobId, rows)} by hand${because(event.action)}`;
    case "JobRejected":
      return `${jobName(event.jobId, rows)} was refused: ${words(event.failure)}`;
    case "JobStuck":
      return `${jobName(event.jobId, rows)} is stuck and waits for a person: ${words(event.failure)}`;
    case "JobFailed":
      return `${jobName(event.jobId, rows)} failed for good: ${words(event.failure)}`;
    case "JobCancelled":
      return event.action === undefined
        ? `${jobName(event.jobId, rows)} was cancelled because the run is ending.`
        : `${byWhom(event.action)} cancelled ${jobName(event.jobId, rows)}${because(event.action)}`;
    case "JobAbandoned":
      return `${jobName(event.jobId, rows)} was abandoned: the run ended without waiting for it.`;
    case "JobRetried":
      return `${byWhom(event.action)} retried ${jobName(event.jobId, rows)}${
        event.input === undefined ? "" : " with a different input"
      }${because(event.action)}`;
    case "BackOffSkipped":
      return `${byWhom(event.action)} started the next attempt of ${jobName(event.jobId, rows)} early${because(event.action)}`;
    case "TimerFired":
      if (event.action !== undefined)
        return rows.get(event.timerId)?.kind === "signal"
          ? `${byWhom(event.action)} ended the wait for ${signalName(event.timerId, rows)}${because(event.action)}`
          : `${byWhom(event.action)} ended the sleep${because(event.action)}`;
      return rows.get(event.timerId)?.kind === "signal"
        ? "The wait for the signal timed out."
        : "The sleep is over.";
    case "TimerCancelled":
      if (event.action !== undefined)
        return `${byWhom(event.action)} removed the time-out from the wait for ${signalName(event.timerId, rows)}${because(event.action)}`;
      return rows.get(event.timerId)?.kind === "signal"
        ? "The time-out of the wait is no longer needed."
        : "The sleep was cancelled.";
    case "SignalAwaited":
      if (event.signalId !== undefined)
        return `Signal ${event.name} does not match what the workflow expects and was skipped; it waits for another one.`;
      return event.timeoutMs === undefined
        ? `Waiting for signal ${event.name}.`
        : `Waiting for signal ${event.name}, ${durationWords(event.timeoutMs)} at most.`;
    case "SignalReceived":
      return event.actor === undefined
        ? `Signal ${event.name} arrived.`
        : `${event.actor} sent signal ${event.name}.`;
    case "SignalDelivered":
      return `Signal ${signalName(event.waitId, rows)} was handed to the workflow.`;
    case "SignalWaitEnded":
      return event.because === "timeout"
        ? `Signal ${signalName(event.waitId, rows)} did not arrive in time.`
        : `The wait for ${signalName(event.waitId, rows)} ended because the run is ending.`;
    case "SignalWaitAbandoned":
      return `The workflow stopped waiting for ${signalName(event.waitId, rows)}: something else came first.`;
    case "CompensationRegistered":
      return event.undoes === undefined
        ? `${event.jobType} was registered as an undo step.`
        : `${event.jobType} was registered to undo ${jobName(event.undoes, rows)}.`;
    case "CommandRefused": {
      const actor = event.action?.actor ?? event.actor;
      const who = actor === undefined ? "" : ` of ${actor}`;
      return `${event.command}${who} was refused: ${event.message}`;
    }
  }
}

function jobName(jobId: string, rows: ReadonlyMap<string, TimelineRow>): string {
  const row = rows.get(jobId);
  return row?.kind === "job" ? row.jobType : `Job ${jobId}`;
}

function signalName(waitId: string, rows: ReadonlyMap<string, TimelineRow>): string {
  const row = rows.get(waitId);
  return row?.kind === "signal" ? row.name : `the signal`;
}

function undoing(
  compensationId: string | undefined,
  jobId: string,
  rows: ReadonlyMap<string, TimelineRow>,
): string {
  if (compensationId === undefined) return "";
  const row = rows.get(jobId);
  const undone = row?.kind === "job" && row.undoes !== undefined ? row.undoes : undefined;
  return undone === undefined ? ", to undo an earlier step" : `, to undo ${jobName(undone, rows)}`;
}

function attemptWords(attempt: number): string {
  return attempt === 1 ? "" : ` (attempt ${attempt})`;
}

function words(failure: Failure): string {
  return ended(failureWords(failure));
}

function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function byWhom(action: Action): string {
  return action.actor;
}

function because(action: Action): string {
  return action.reason === "" ? "." : `: ${ended(action.reason)}`;
}
