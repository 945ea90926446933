import { decideAttemptDeadline, decideAttemptResult, decideJobAction } from "../job/decide.ts";
import { isInFlight } from "../job/state.ts";
import { accepted, ignored, type Outcome, rejected } from "../outcome.ts";
import { maxPayloadLength } from "../payload.ts";
import type { AnyRunCommand } from "./commands.ts";
import type { RunEvent } from "./events.ts";
import type { OpenRun, RunState } from "./state.ts";

/**
 * The pure answer to a command.
 *
 * @param state `undefined` for a run that does not exist
 * @param at the partition's time, ms since the epoch
 */
export function decide(state: RunState | undefined, command: AnyRunCommand, at: number): Outcome {
  if (command.type === "StartRun") return startRun(state, command);
  if (state === undefined) {
    if (command.type === "HeartbeatAttempt") return ignored;
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
    case "FireTimer":
      return fireTimer(state, command, at);
    case "SendSignal":
      return sendSignal(state, command);
    case "CancelRun":
    case "TerminateRun":
    case "ResumeRun":
    case "RetryJob":
    case "CancelJob":
    case "CompleteJob":
    case "RunJobNow": {
      if (state.actions.includes(command.action.actionId)) return ignored;
      if (state.status !== "running") return rejected("RunOver", `The run is over: it is ${state.status}.`);
      return decideAction(state, command);
    }
  }
}

type Action = Extract<AnyRunCommand, { action: unknown }>;

function decideAction(run: OpenRun, command: Action): Outcome {
  switch (command.type) {
    case "CancelRun":
      if (run.closing !== undefined) {
        const doing = run.closing.outcome === "failed" ? "failing" : "being cancelled";
        return rejected("RunCancelling", `The run is ${doing} already; it can still be terminated.`);
      }
      return accepted({ type: "RunCancelRequested", action: command.action }, ...closingEvents(run));
    case "TerminateRun":
      return accepted({ type: "RunTerminated", action: command.action });
    case "ResumeRun":
      if (run.stuck === undefined) return rejected("RunNotStuck", "The run's code is not stuck.");
      return accepted({ type: "RunResumed", action: command.action });
    case "RetryJob":
    case "CancelJob":
    case "CompleteJob":
    case "RunJobNow":
      return decideJobAction(run, command);
  }
}

/** What a closing run lets go of: everything but the attempts that are under way and its compensations. */
export function closingEvents(run: OpenRun): RunEvent[] {
  const events: RunEvent[] = [];
  for (const job of Object.values(run.jobs)) {
    if (job.compensationId === undefined && !isInFlight(job))
      events.push({ type: "JobCancelled", jobId: job.jobId });
  }
  for (const wait of run.waits)
    events.push({ type: "SignalWaitEnded", waitId: wait.waitId, because: "closing" });
  for (const [timerId, timer] of Object.entries(run.timers)) {
    events.push({ type: "TimerCancelled", timerId, generation: timer.generation });
  }
  return events;
}

function startRun(
  state: RunState | undefined,
  command: Extract<AnyRunCommand, { type: "StartRun" }>,
): Outcome {
  if (state !== undefined) {
    if (state.startId === command.commandId) return ignored;
    return rejected("RunExists", `A run ${command.runId} exists already; it is ${state.status}.`);
  }
  const { workflow, input, labels, startedBy } = command;
  if (input.length > maxPayloadLength) {
    return rejected(
      "PayloadTooLarge",
      `The input is ${input.length} characters long; the limit is ${maxPayloadLength}.`,
    );
  }
  return accepted({
    type: "RunStarted",
    workflow,
    input,
    ...(labels !== undefined && { labels }),
    ...(startedBy !== undefined && { startedBy }),
  });
}

function fireTimer(
  state: RunState,
  command: Extract<AnyRunCommand, { type: "FireTimer" }>,
  at: number,
): Outcome {
  if (state.status !== "running") return ignored;
  const timer = state.timers[command.timerId];
  // Early wake-ups are dropped too: the owner's own sweep finds the timer when it is due.
  if (timer === undefined || timer.generation !== command.generation || timer.dueAt > at) return ignored;
  const fired: RunEvent = { type: "TimerFired", timerId: command.timerId, generation: timer.generation };
  if (timer.waitId === undefined) return accepted(fired);
  return accepted(fired, { type: "SignalWaitEnded", waitId: timer.waitId, because: "timeout" });
}

function sendSignal(state: RunState, command: Extract<AnyRunCommand, { type: "SendSignal" }>): Outcome {
  const { signalId, name, payload, actor } = command;
  if (state.status !== "running") return rejected("RunOver", `The run is over: it is ${state.status}.`);
  if (state.seenSignals.includes(signalId)) return ignored;
  if (payload.length > maxPayloadLength) {
    return rejected(
      "PayloadTooLarge",
      `The signal is ${payload.length} characters long; the limit is ${maxPayloadLength}.`,
    );
  }
  const received: RunEvent = {
    type: "SignalReceived",
    signalId,
    name,
    payload,
    ...(actor !== undefined && { actor }),
  };
  const wait = state.waits.find((candidate) => candidate.name === name);
  if (wait === undefined) return accepted(received);
  return accepted(received, ...deliverSignal(state, wait.waitId, signalId));
}

export function deliverSignal(run: OpenRun, waitId: string, signalId: string): RunEvent[] {
  const delivered: RunEvent = { type: "SignalDelivered", waitId, signalId };
  const timer = Object.entries(run.timers).find(([, candidate]) => candidate.waitId === waitId);
  if (timer === undefined) return [delivered];
  return [delivered, { type: "TimerCancelled", timerId: timer[0], generation: timer[1].generation }];
}
