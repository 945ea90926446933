import type { Failure } from "../failure.ts";
import { get, keys, values as orderedValues } from "../ordered-map.ts";
import { latestTime, longestDurationMs, wholeTime } from "../time-limits.ts";
import { abandonedJobs, cancelledTimeout, cancelledTimer, closingEvents, deliverBuffered } from "./decide.ts";
import type { RunDecision } from "./decisions.ts";
import type { Labels, RunEvent } from "./events.ts";
import { type EventContext, evolve } from "./evolve.ts";
import { labelProblem } from "./labels.ts";
import { openProblem, stepProblem } from "./limits.ts";
import type { OpenRun, RunState } from "./state.ts";
import { undecided } from "./undecided.ts";
import { wakesCode } from "./wakes-code.ts";

/**
 * Turns what the workflow code wants into events. Decisions after the one that ends the run are dropped: code that goes on after its
 * run is over has no say. Of the signals that lie waiting, one is handed over: what the code makes of it may be that it waits for the others no more.
 *
 * @returns the events in order, and the state after them
 */
export function advance(
  run: OpenRun,
  decisions: readonly RunDecision[],
  context: Omit<EventContext, "seq">,
): { events: RunEvent[]; state: RunState } {
  const tooLarge = stepProblem(decisions);
  if (tooLarge !== undefined) return getStuck(run, tooLarge, context);
  const { events, state } = carryOut(run, decisions, context);
  if (state.status !== "running") return { events, state };
  const tooMuch = openProblem(state);
  if (tooMuch !== undefined) return getStuck(run, tooMuch, context);
  if (state.stuck !== undefined || events.some(wakesCode)) return { events, state };
  for (const waitId of keys(state.waits)) {
    const delivered = deliverBuffered(state, waitId);
    if (delivered.length === 0) continue;
    const after = delivered.reduce<RunState>(
      (before, event) => evolve(before, event, { ...context, seq: before.seq + 1 }),
      state,
    );
    return { events: [...events, ...delivered], state: after };
  }
  return { events, state };
}

/** As {@link advance} for a part of a step: whether the step as a whole is too large is for the caller to see to. */
export function carryOut(
  run: OpenRun,
  decisions: readonly RunDecision[],
  context: Omit<EventContext, "seq">,
): { events: RunEvent[]; state: RunState } {
  const all: RunEvent[] = [];
  let state: RunState = run;
  for (const decision of decisions) {
    if (state.status !== "running" || state.stuck !== undefined) break;
    if (state.codeGivenUp !== run.codeGivenUp) break;
    const odd = oddTime(decision);
    const events = odd === undefined ? eventsOf(state, decision) : [undecided(state, odd)];
    for (const event of events) {
      state = evolve(state, event, { ...context, seq: state.seq + 1 });
      all.push(event);
    }
  }
  return { events: all, state };
}

function getStuck(
  run: OpenRun,
  failure: Failure,
  context: Omit<EventContext, "seq">,
): { events: RunEvent[]; state: RunState } {
  const stuck = undecided(run, failure);
  return { events: [stuck], state: evolve(run, stuck, { ...context, seq: run.seq + 1 }) };
}

function eventsOf(run: OpenRun, decision: RunDecision): RunEvent[] {
  switch (decision.type) {
    case "ScheduleJob": {
      const heldUntil = decision.compensationId === undefined ? undefined : lingersUntil(run);
      if (heldUntil !== undefined) return [{ ...decision, type: "JobScheduled", heldUntil }];
      return [
        { ...decision, type: "JobScheduled" },
        { type: "AttemptRequested", jobId: decision.jobId, attempt: 1 },
      ];
    }
    case "SetTimer":
      return [{ type: "TimerSet", timerId: decision.timerId, generation: 1, dueAt: decision.dueAt }];
    case "CancelTimer":
      return cancelledTimer(run, decision.timerId);
    case "AwaitSignal": {
      const { waitId, name, timeoutMs, signalId } = decision;
      const awaited: RunEvent = {
        type: "SignalAwaited",
        waitId,
        name,
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(signalId !== undefined && { signalId }),
      };
      if (timeoutMs === undefined) return [awaited];
      return [
        awaited,
        {
          type: "TimerSet",
          timerId: waitId,
          generation: 1,
          dueAt: wholeTime(run.lastAt + timeoutMs),
          waitId,
        },
      ];
    }
    case "AbandonSignalWait": {
      const { waitId } = decision;
      // Its time ran out while the code was being asked: the code has given it up all the same, and its replay looks for that.
      if (get(run.waits, waitId) === undefined)
        return run.delegated === undefined ? [] : [{ type: "SignalWaitAbandoned", waitId }];
      return [{ type: "SignalWaitAbandoned", waitId }, ...cancelledTimeout(run, waitId)];
    }
    case "RegisterCompensation":
      return [{ ...decision, type: "CompensationRegistered" }];
    case "SetLabels":
      return labelsSet(run, decision.labels);
    case "RecordVersion":
      return [{ type: "VersionRecorded", changeId: decision.changeId, version: decision.version }];
    case "CompleteRun":
      return [...abandonedJobs(run), { type: "RunCompleted", output: decision.output }];
    case "BeginFailing":
      if (run.closing !== undefined) return [];
      return [{ type: "RunFailing", failure: decision.failure }, ...closingEvents(run)];
    case "FailRun":
      return [...abandonedJobs(run), { type: "RunFailed", failure: decision.failure }];
    case "FinishCancel":
      return [
        ...abandonedJobs(run),
        { type: "RunCancelled", ...(decision.failure !== undefined && { failure: decision.failure }) },
      ];
    case "GetStuck":
      return [undecided(run, decision.failure)];
  }
}

function labelsSet(run: OpenRun, labels: Labels): RunEvent[] {
  const failure = labelProblem(run, labels);
  return [failure === undefined ? { type: "LabelsSet", labels } : { type: "RunStuck", failure }];
}

/** Until when attempts of cancelled jobs may be at work; nothing when none is any more. */
function lingersUntil(run: OpenRun): number | undefined {
  const until = Math.max(...orderedValues(run.lingering));
  return until > run.lastAt ? until : undefined;
}

/** The code's own library refuses such a time where it is given; whatever else decides is held to it here. */
function oddTime(decision: RunDecision): Failure | undefined {
  if (decision.type === "SetTimer" && !isTime(decision.dueAt))
    return invalidTime(
      `The code asked for a timer at ${decision.dueAt}: a time is a whole number of ms from 0 to ${latestTime}.`,
    );
  if (decision.type !== "AwaitSignal" || decision.timeoutMs === undefined) return undefined;
  const { timeoutMs } = decision;
  if (timeoutMs >= 0 && timeoutMs <= longestDurationMs) return undefined;
  return invalidTime(
    `The code asked for a time-out of ${timeoutMs} ms: it is from 0 to ${longestDurationMs}.`,
  );
}

function invalidTime(message: string): Failure {
  return { kind: "code", name: "InvalidTime", message };
}

function isTime(ms: number): boolean {
  return Number.isInteger(ms) && ms >= 0 && ms <= latestTime;
}
