import {
  type AnyRunCommand,
  advance,
  ask,
  decide,
  evolve,
  type Failure,
  misfit,
  type OpenRun,
  openJob,
  type RunDecision,
  type RunEvent,
  type RunState,
  setAside,
  standingOf,
  wakesCode,
} from "@downbeat/domain";
import type { Step } from "../fold/run-fold.ts";

/** A command without the ids that the driver gives it. */
export type Body<Command> = Command extends unknown ? Omit<Command, "commandId" | "runId"> : never;

/**
 * Makes the history of one run with the engine's own functions: commands are decided, and where the workflow code would be asked, the decisions
 * that are passed along are what it answers.
 */
export class RunDriver {
  readonly runId: string;
  /** What happened in the run. */
  readonly steps: Step[] = [];
  /** What history holds of it: what can't follow too. */
  readonly written: Step[] = [];
  #state: RunState | undefined;
  #now: number;
  #commands = 0;
  readonly #codeIn: "workers" | undefined;

  constructor(runId: string, startAt: number, codeIn?: "workers") {
    this.runId = runId;
    this.#now = startAt;
    this.#codeIn = codeIn;
  }

  get now(): number {
    return this.#now;
  }

  get state(): RunState | undefined {
    return this.#state;
  }

  wait(ms: number): this {
    this.#now += ms;
    return this;
  }

  /** Until the moment a job's next attempt is due. */
  waitForRetry(jobId: string): this {
    const job = openJob(this.#open(), jobId);
    if (job?.status === "backingOff") this.#now = Math.max(this.#now, job.retryAt);
    return this;
  }

  do(body: Body<AnyRunCommand>, ...decisions: RunDecision[]): this {
    const inputId = `${this.runId}/in${++this.#commands}`;
    const command = { ...body, commandId: inputId, runId: this.runId } as AnyRunCommand;
    const outcome = decide(this.#state, command, this.#now);
    if (outcome.type === "ignored") return this;
    const events: RunEvent[] =
      outcome.type === "accepted"
        ? outcome.events.map((event) => this.#begun(event))
        : [refusal(command, outcome.code, outcome.message)];
    const seq = (this.#state?.seq ?? 0) + 1;
    const context = { runId: this.runId, at: this.#now, inputId };
    for (const [index, event] of events.entries()) {
      this.#state = evolve(this.#state, event, { ...context, seq: seq + index });
    }
    const wanted = command.type === "AnswerQuestion" ? command.decisions : decisions;
    for (const decision of command.type === "AnswerQuestion" || events.some(wakesCode) ? wanted : []) {
      const after = advance(this.#open(), [decision], context);
      this.#state = after.state;
      events.push(...after.events);
    }
    if (this.#state?.status === "running") this.#state = ask(this.#state);
    const step = { seq, at: this.#now, inputId, events };
    this.steps.push(step);
    this.written.push(step);
    return this;
  }

  #begun(event: RunEvent): RunEvent {
    return event.type === "RunStarted" && this.#codeIn !== undefined
      ? { ...event, codeIn: this.#codeIn }
      : event;
  }

  /** History says something of the run that can't follow: it is set aside. */
  damage(): this {
    const step: Step = {
      seq: (this.#state?.seq ?? 0) + 2,
      at: this.#now,
      inputId: `${this.runId}/odd`,
      events: [{ type: "RunResumed", action: { actionId: "odd", actor: "nobody", reason: "" } }],
    };
    const found = misfit(standingOf(this.#state), step) ?? "";
    this.#state = setAside(this.#state, { runId: this.runId, workflow: "", at: this.#now }, found);
    this.written.push(step);
    return this;
  }

  complete(jobId: string, output: unknown, ...decisions: RunDecision[]): this {
    return this.do(
      { type: "CompleteAttempt", output: JSON.stringify(output), ...this.#attempt(jobId) },
      ...decisions,
    );
  }

  fail(jobId: string, failure: Failure, ...decisions: RunDecision[]): this {
    return this.do({ type: "FailAttempt", failure, ...this.#attempt(jobId) }, ...decisions);
  }

  reject(jobId: string, failure: Failure, ...decisions: RunDecision[]): this {
    return this.do({ type: "RejectAttempt", failure, ...this.#attempt(jobId) }, ...decisions);
  }

  heartbeat(jobId: string): this {
    return this.do({ type: "HeartbeatAttempt", ...this.#attempt(jobId) });
  }

  retryDue(jobId: string): this {
    const job = openJob(this.#open(), jobId);
    if (job === undefined) throw new Error(`There is no job ${jobId}.`);
    return this.waitForRetry(jobId).do({ type: "RequestAttempt", jobId, attempt: job.attempt + 1 });
  }

  #attempt(jobId: string) {
    const attempt = openJob(this.#open(), jobId)?.attempt ?? 0;
    return { jobId, attempt, worker: "worker-1", startedAt: this.#now - 2 };
  }

  #open(): OpenRun {
    if (this.#state?.status !== "running") throw new Error(`Run ${this.runId} is not open.`);
    return this.#state;
  }
}

function refusal(command: AnyRunCommand, code: string, message: string): RunEvent {
  return {
    type: "CommandRefused",
    command: command.type,
    code,
    message,
    ...("jobId" in command && { jobId: command.jobId }),
    ...("attempt" in command && { attempt: command.attempt }),
    ...("action" in command && { action: command.action }),
  } as RunEvent;
}

export const technical = (name: string, message: string): Failure => ({ kind: "technical", name, message });
export const business = (name: string, message: string): Failure => ({ kind: "business", name, message });
export const by = (actor: string, reason: string, actionId: string) => ({
  action: { actor, reason, actionId },
});

export const schedule = (jobId: string, jobType: string, input: unknown, more: object = {}): RunDecision => ({
  type: "ScheduleJob",
  jobId,
  jobType,
  input: JSON.stringify(input),
  ...more,
});

export const undo = (compensationId: string, jobType: string, undoes: string): RunDecision => ({
  type: "RegisterCompensation",
  compensationId,
  jobType,
  input: "null",
  undoes,
});
