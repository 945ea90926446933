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
  history: "the one that was asked did not have the run's history",
  notMine: "the code of the one that was asked does not fit the run's history",
  noAnswer: "no answer came in time",
  workerEnded: "workers ended while they were at it",
  unfinished: "the last answer was recorded in part",
};

function askedAgainSentence(event: EventOf<"CodeAskedAgain">): string {
  const { because, message, build, next, failure, untaken, ended } = event;
  const whom = next === undefined ? "The workers are" : `Build ${next} is`;
  if (failure !== undefined) {
    const by = build === undefined ? "the one that was asked" : `build ${build}`;
    const how = untaken === "passedOver" ? ", and is to pass over what nobody takes" : "";
    return `${whom} asked again what comes next${how}: ${by} does not take what was recorded: ${failure.message}`;
  }
  if (ended !== undefined)
    return `The workers are asked again what comes next: whoever had the question ${ended === "maybe" ? "ended before it came to it" : "before may have ended"}.`;
  const why =
    build === undefined || message !== undefined
      ? askedAgainWords[because]
      : `build ${build} does not fit the run's history`;
  return `${whom} asked again what comes next: ${why}${message === undefined ? "." : `: ${message}`}`;
}

/** An event in plain words. Names are quoted as they are: whoever shows them treats them as text. */
export function sentenceOf(event: RunEvent, at: number, rows: ReadonlyMap<string, TimelineRow>): Told {
  switch (event.type) {
    case "JobScheduled": {
      const asked = `${event.jobType} is asked for${undoing(event.compensationId, event.jobId, rows)}`;
      if (event.heldUntil === undefined) return tell`${asked}.`;
      return tell`${asked}; it waits until the worker of a cancelled job has ended, ${moment(event.heldUntil, at)} at the latest.`;
    }
    case "TimerSet":
      return event.waitId === undefined
        ? tell`Sleeping until ${moment(event.dueAt, at)}.`
        : tell`The wait for ${signalName(event.waitId, rows)} ends at ${moment(event.dueAt, at)} at the latest.`;
    case "TimerPostponed":
      return rows.get(event.timerId)?.kind === "signal"
        ? tell`${byWhom(event.action)} put the end of the wait for ${signalName(event.timerId, rows)} off until ${moment(event.dueAt, at)}${because(event.action)}`
        : tell`${byWhom(event.action)} put the end of the sleep off until ${moment(event.dueAt, at)}${because(event.action)}`;
    case "RetryPostponed":
      return tell`${byWhom(event.action)} put the next attempt of ${jobName(event.jobId, rows)} off until ${moment(event.retryAt, at)}${because(event.action)}`;
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
      return `Lives by version ${event.version} of ${event.changeId} from here on.`;
    case "RunCompleted":
      return "The run completed.";
    case "RunFailing":
      return `The run is failing with ${words(event.failure)} What is done is undone now.`;
    case "RunFailed":
      return `The run failed with ${words(event.failure)}`;
    case "RunCancelRequested":
      return `${byWhom(event.action)} asked to cancel the run${because(event.action)}`;
    case "RunCancelled":
      return event.failure === undefined
        ? "The run is cancelled."
        : `The run is cancelled; cleaning up ended with ${words(event.failure)}`;
    case "RunTerminated":
      return `${byWhom(event.action)} terminated the run${because(event.action)}`;
    case "RunStuck":
      return `The workflow code can't go on: ${words(event.failure)} The run waits for a person.`;
    case "CodeGivenUp":
      return `The workflow code can't be asked: ${words(event.failure)} What it registered is undone without it.`;
    case "CodeAnswered":
      return `${event.worker ?? "A worker"}${event.build === undefined ? "" : `, build ${event.build},`} decided what comes next.`;
    case "CodeAskedAgain":
      return askedAgainSentence(event);
    case "RunResumed":
      return `${byWhom(event.action)} had the workflow code asked again${because(event.action)}`;
    case "RunRepaired":
      return event.outcome === "cut"
        ? `${byWhom(event.action)} had the damaged run go on at its last good event${because(event.action)} What was found: ${event.message}.`
        : `${byWhom(event.action)} closed the damaged run${because(event.action)} What was found: ${event.message}.`;
    case "AttemptRequested":
      return event.attempt === 1
        ? `${jobName(event.jobId, rows)} is sent to the workers.`
        : `${jobName(event.jobId, rows)} is sent to the workers again, attempt ${event.attempt}.`;
    case "AttemptStarted":
      return `${event.worker} started ${jobName(event.jobId, rows)}${attemptWords(event.attempt)}.`;
    case "AttemptHeartbeat":
      return `${jobName(event.jobId, rows)} is still running${attemptWords(event.attempt)}.`;
    case "AttemptFailed": {
      const what = `${jobName(event.jobId, rows)} failed${attemptWords(event.attempt)}: ${words(event.failure)}`;
      const why = event.action === undefined ? "" : ` ${ended(`Why: ${event.action.reason}`)}`;
      return event.retryAt === undefined
        ? `${what}${why} No attempt is left.`
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
        ? `${jobName(event.jobId, rows)} is cancelled because the run is ending.`
        : `${byWhom(event.action)} cancelled ${jobName(event.jobId, rows)}${because(event.action)}`;
    case "JobAbandoned":
      return `${jobName(event.jobId, rows)} is abandoned: the run ended without waiting for it.`;
    case "JobRetried":
      return `${byWhom(event.action)} retried ${jobName(event.jobId, rows)}${
        event.input === undefined ? "" : " with another input"
      }${because(event.action)}`;
    case "BackOffSkipped":
      return `${byWhom(event.action)} had ${jobName(event.jobId, rows)} tried at once${because(event.action)}`;
    case "TimerFired":
      if (event.action !== undefined)
        return rows.get(event.timerId)?.kind === "signal"
          ? `${byWhom(event.action)} ended the wait for ${signalName(event.timerId, rows)}${because(event.action)}`
          : `${byWhom(event.action)} ended the sleep${because(event.action)}`;
      return rows.get(event.timerId)?.kind === "signal"
        ? "The time for the signal is up."
        : "The sleep is over.";
    case "TimerCancelled":
      if (event.action !== undefined)
        return `${byWhom(event.action)} took the time-out off the wait for ${signalName(event.timerId, rows)}${because(event.action)}`;
      return rows.get(event.timerId)?.kind === "signal"
        ? "The time-out of the wait is no longer needed."
        : "The sleep is cancelled.";
    case "SignalAwaited":
      if (event.signalId !== undefined)
        return `Signal ${event.name} did not fit what the workflow expects and was passed over; it waits for another one.`;
      return event.timeoutMs === undefined
        ? `Waiting for signal ${event.name}.`
        : `Waiting for signal ${event.name}, ${durationWords(event.timeoutMs)} at most.`;
    case "SignalReceived":
      return event.actor === undefined
        ? `Signal ${event.name} came in.`
        : `${event.actor} sent signal ${event.name}.`;
    case "SignalDelivered":
      return `Signal ${signalName(event.waitId, rows)} was handed to the workflow.`;
    case "SignalWaitEnded":
      return event.because === "timeout"
        ? `Signal ${signalName(event.waitId, rows)} did not come in time.`
        : `The wait for ${signalName(event.waitId, rows)} ended because the run is ending.`;
    case "SignalWaitAbandoned":
      return `The workflow waits for ${signalName(event.waitId, rows)} no more: something else came first.`;
    case "CompensationRegistered":
      return event.undoes === undefined
        ? `${event.jobType} is noted as an undo step.`
        : `${event.jobType} is noted as what undoes ${jobName(event.undoes, rows)}.`;
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
