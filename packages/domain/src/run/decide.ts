import { awaitsAnswer, decideAttemptDeadline, decideAttemptResult, decideJobAction } from "../job/decide.ts";
import { isInFlight } from "../job/state.ts";
import { first, get, has } from "../ordered-map.ts";
import { accepted, acceptedAll, ignored, type Outcome, rejected } from "../outcome.ts";
import { payloadProblem } from "../payload.ts";
import type { PresentBuilds } from "./builds.ts";
import { codeRules } from "./code-rules.ts";
import type { AnyRunCommand } from "./commands.ts";
import { timersInOrder } from "./deadlines.ts";
import type { RunEvent } from "./events.ts";
import { idProblem } from "./id-problem.ts";
import { idTaken } from "./id-taken.ts";
import { maxBufferedSignals } from "./limits.ts";
import { openJobs, openTimer, openTimers, openWaits } from "./open.ts";
import { answer, askAgain } from "./question.ts";
import { damagedMessage, decideRepair } from "./repair.ts";
import type { OpenRun, RunState } from "./state.ts";
import { decideTimerAction, type Past } from "./timer-action.ts";

/**
 * The pure answer to a command.
 *
 * @param state `undefined` for a run that does not exist
 * @param at the partition's time, ms since the epoch
 * @param present who hosts the run's workflow, as far as is known
 * @param past what has happened in the run, for sentences about it
 */
export function decide(
  state: RunState | undefined,
  command: AnyRunCommand,
  at: number,
  present?: PresentBuilds,
  past: Past = [],
): Outcome {
  if (command.type === "StartRun") return startRun(state, command);
  if (state === undefined) {
    if (command.type === "HeartbeatAttempt" && !awaitsAnswer(command)) return ignored;
    return rejected("UnknownRun", `There is no run ${command.runId}.`);
  }
  switch (command.type) {
    case "CompleteAttempt":
    case "FailAttempt":
    case "RejectAttempt":
    case "HeartbeatAttempt":
      return decideAttemptResult(state, command, at);
    case "RequestAttempt":
    case "TimeOutAttempt":
      return decideAttemptDeadline(state, command, at);
    case "AnswerQuestion":
      return answer(state, command);
    case "AskAgain":
      return askAgain(state, command, at, present);
    case "FinishStep":
      return finishStep(state);
    case "FireTimer":
      return fireTimer(state, command, at);
    case "SendSignal":
      return sendSignal(state, command);
    case "CancelRun":
    case "TerminateRun":
    case "ResumeRun":
    case "RepairRun":
    case "RetryJob":
    case "CancelJob":
    case "CompleteJob":
    case "RunJobNow":
    case "PostponeRetry":
    case "TimeOutJob":
    case "FireTimerNow":
    case "PostponeTimer":
    case "LiftTimeout": {
      if (has(state.actions, command.action.actionId)) return ignored;
      if (state.status === "damaged") return decideRepair(state, command);
      if (command.type === "RepairRun") return rejected("RunNotDamaged", "The run's history is whole.");
      if (state.status !== "running") return rejected("RunOver", `The run is over: it is ${state.status}.`);
      return decideAction(state, command, at, past);
    }
  }
}

type Action = Exclude<Extract<AnyRunCommand, { action: unknown }>, { type: "RepairRun" }>;

function decideAction(run: OpenRun, command: Action, at: number, past: Past): Outcome {
  switch (command.type) {
    case "CancelRun":
      // A run that is stuck in its closing, whichever it is, is undone without its code.
      if (run.closing !== undefined && run.stuck === undefined) {
        const doing = run.closing.outcome === "failed" ? "failing" : "being cancelled";
        return rejected("RunCancelling", `The run is ${doing} already; it can still be terminated.`);
      }
      return acceptedAll([{ type: "RunCancelRequested", action: command.action }, ...closingEvents(run)]);
    case "TerminateRun":
      return acceptedAll([...abandonedJobs(run), { type: "RunTerminated", action: command.action }]);
    case "ResumeRun":
      if (run.stuck === undefined) return rejected("RunNotStuck", "The run's code is not stuck.");
      return accepted({ type: "RunResumed", action: command.action });
    case "RetryJob":
    case "CancelJob":
    case "CompleteJob":
    case "RunJobNow":
    case "PostponeRetry":
    case "TimeOutJob":
      return decideJobAction(run, command, at);
    case "FireTimerNow":
    case "PostponeTimer":
    case "LiftTimeout":
      return decideTimerAction(run, command, at, past);
  }
}

/** What a closing run lets go of: everything but the attempts that are under way and its compensations. */
export function closingEvents(run: OpenRun): RunEvent[] {
  const events: RunEvent[] = [];
  for (const job of openJobs(run)) {
    if (job.compensationId === undefined && !isInFlight(job))
      events.push({ type: "JobCancelled", jobId: job.jobId });
  }
  for (const wait of openWaits(run))
    events.push({ type: "SignalWaitEnded", waitId: wait.waitId, because: "closing" });
  for (const { timerId, generation } of openTimers(run)) {
    events.push({ type: "TimerCancelled", timerId, generation });
  }
  return events;
}

/** What a run that ends leaves behind. */
export function abandonedJobs(run: OpenRun): RunEvent[] {
  return openJobs(run).map(({ jobId }) => ({ type: "JobAbandoned", jobId }));
}

/** What is left of an input that is recorded in part. Afterwards the code is asked for what it still wants. */
function finishStep(state: RunState): Outcome {
  if (state.status !== "running" || state.unfinished !== true) return ignored;
  const closing = state.closing === undefined ? [] : closingEvents(state);
  const { delegated } = state;
  // What of an answer was not recorded is asked for: the code still wants it.
  if (delegated === undefined || delegated.asked !== undefined) return acceptedAll(closing);
  return acceptedAll([...closing, { type: "CodeAskedAgain", attempt: 1, because: "unfinished" }]);
}

function startRun(
  state: RunState | undefined,
  command: Extract<AnyRunCommand, { type: "StartRun" }>,
): Outcome {
  const { runId, workflow, input, labels, startedBy } = command;
  if (state !== undefined) {
    if (state.startId === command.commandId) return ignored;
    // Rule 9: the start of a run that is there is that start once more, or another one's.
    const other = idTaken(state, command);
    if (other !== undefined) return rejected("RunIdTaken", other);
    return rejected("RunExists", `A run ${runId} exists already; it is ${state.status}.`);
  }
  const unlike = idProblem(runId);
  if (unlike !== undefined) return rejected("InvalidInput", unlike);
  const problem = payloadProblem("The input", input);
  if (problem !== undefined) return rejected("PayloadTooLarge", problem);
  return accepted({
    type: "RunStarted",
    workflow,
    input,
    ...(labels !== undefined && { labels }),
    ...(startedBy !== undefined && { startedBy }),
    rules: codeRules,
  });
}

/** Rule 23. Whichever wake-up comes first: the timers that were due before fire before. */
function fireTimer(
  state: RunState,
  command: Extract<AnyRunCommand, { type: "FireTimer" }>,
  at: number,
): Outcome {
  if (state.status !== "running") return ignored;
  // Rule 24: a wake-up of another generation was armed for a moment that no longer holds.
  const timer = openTimer(state, command.timerId);
  // Early wake-ups are dropped too: the owner's own sweep finds the timer when it is due.
  if (timer === undefined || timer.generation !== command.generation || timer.dueAt > at) return ignored;
  const events: RunEvent[] = [];
  for (const { timerId, generation, waitId } of timersInOrder(state)) {
    events.push({ type: "TimerFired", timerId, generation });
    if (waitId !== undefined) events.push({ type: "SignalWaitEnded", waitId, because: "timeout" });
    if (timerId === command.timerId) break;
  }
  return acceptedAll(events);
}

function sendSignal(state: RunState, command: Extract<AnyRunCommand, { type: "SendSignal" }>): Outcome {
  const { signalId, name, payload, actor } = command;
  if (state.status === "damaged") return rejected("RunDamaged", damagedMessage(state));
  if (state.status !== "running") return rejected("RunOver", `The run is over: it is ${state.status}.`);
  if (has(state.seenSignals, signalId)) return ignored;
  const problem = payloadProblem("The signal", payload);
  if (problem !== undefined) return rejected("PayloadTooLarge", problem);
  // As long as the code is being asked, it may want the wait no more: then the signal is another one's.
  // Rule 32: so it waits for the answer.
  const waitId = state.delegated?.asked === undefined ? oldestWait(state, name) : undefined;
  if (waitId === undefined && state.bufferedCount >= maxBufferedSignals) {
    const message = `The run has ${maxBufferedSignals} signals that it has not taken yet, which is the limit; send it again when the run has taken some.`;
    return rejected("Unprocessable", message);
  }
  const received: RunEvent = {
    type: "SignalReceived",
    signalId,
    name,
    payload,
    ...(actor !== undefined && { actor }),
  };
  if (waitId === undefined) return accepted(received);
  // A stuck run may wait and have one all the same.
  const oldest = first(get(state.buffered, name) ?? null)?.value ?? signalId;
  return accepted(received, ...deliverSignal(state, waitId, oldest));
}

function oldestWait(run: OpenRun, name: string): string | undefined {
  return first(get(run.waitsByName, name) ?? null)?.key;
}

/** Hands the oldest signal that lies waiting over to the wait; nothing when there is none, or no such wait. */
export function deliverBuffered(run: OpenRun, waitId: string): RunEvent[] {
  const wait = get(run.waits, waitId);
  const oldest = wait === undefined ? undefined : first(get(run.buffered, wait.name) ?? null);
  return oldest === undefined ? [] : deliverSignal(run, waitId, oldest.value);
}

function deliverSignal(run: OpenRun, waitId: string, signalId: string): RunEvent[] {
  const delivered: RunEvent = { type: "SignalDelivered", waitId, signalId };
  return [delivered, ...cancelledTimeout(run, waitId)];
}

/** The time-out of a signal wait that is over, if it has one. */
export function cancelledTimeout(run: OpenRun, waitId: string): RunEvent[] {
  const timerId = get(run.waits, waitId)?.timerId;
  return timerId === undefined ? [] : cancelledTimer(run, timerId);
}

export function cancelledTimer(run: OpenRun, timerId: string): RunEvent[] {
  const timer = openTimer(run, timerId);
  return timer === undefined ? [] : [{ type: "TimerCancelled", timerId, generation: timer.generation }];
}
