import {
  type EventOf,
  type Failure,
  type JobOptions,
  type Labels,
  maxStepRequests,
  type Payload,
  type RunDecision,
} from "@downbeat/domain";
import type { Offer, RecordedEvent } from "@downbeat/protocol";
import type { z } from "zod";
import { JobCancelledError, JobFailedError, RunCancelledError } from "../errors.ts";
import { businessError, expectedFailure, failure, failureOf } from "../failure.ts";
import { decodePayload, encodePayload, PayloadError } from "../payload.ts";
import { type Checked, checkNow } from "../schema-check.ts";
import { containStrays, type OnStray } from "../stray-rejections.ts";
import type { AnyWorkflow } from "../workflow.ts";
import type { JobSchemas } from "./job-schemas.ts";
import { describeDecision, describeEvent, isOwnDecision, isRecordOf } from "./own-decision.ts";
import { RecentResults } from "./recent-results.ts";
import { namedUuid, randomNumber } from "./reproducible.ts";
import { RunContext } from "./run-context.ts";
import { UndoStack } from "./undo-stack.ts";
import { Unrecorded } from "./unrecorded.ts";
import { type WaitingFor, type WaitingForSignal, Waits } from "./waits.ts";

/**
 * The workflow code of one run, brought to where its history says it is.
 *
 * C1. Events are fed in order. After one that may wake the code, the caller drains the microtasks and calls `settle`; so the
 *     code sees the same order of things whether it was fed event by event or all at once.
 * C2. What the code asks for is issued in order, and history's records of it are matched in the same order. What is
 *     issued and not recorded after the last event is the answer.
 * C3. Code that misbehaves is answered with `GetStuck` and nothing else: what it asked for in the same step is not recorded
 *     and comes again when the run is resumed.
 * C4. Once the run closes, the code gets no more work done, but what it did can still be registered for undoing.
 * C5. Compensations run when nothing can wake the code any more.
 */
export class Coroutine {
  readonly runId: string;
  readonly #workflow: AnyWorkflow;
  readonly #onStray: OnStray;
  #fed = 0;
  #now = 0;
  /** Between an event that woke the code and the end of its drain: the only time in which the code may run. */
  #awake = false;
  readonly #unrecorded = new Unrecorded();
  #issuedInStep = 0;
  readonly #waits = new Waits();
  /** Signals that came and were not delivered yet. */
  readonly #signals = new Map<string, Payload>();
  readonly #results = new RecentResults();
  readonly #undo = new UndoStack();
  readonly #count = { j: 0, t: 0, w: 0, c: 0, random: 0 };
  #closing: Closing | undefined;
  #end: { readonly failure?: Failure } | undefined;
  #phase: "code" | "undoing" | "over" = "code";
  #broken: Failure | undefined;
  /** History and code have parted; nothing can be fed any more. */
  #lost = false;

  constructor(runId: string, workflow: AnyWorkflow, onStray: OnStray) {
    this.runId = runId;
    this.#workflow = workflow;
    this.#onStray = onStray;
  }

  get fed(): number {
    return this.#fed;
  }

  /** Feeds up to the next event that may wake the code: then `true`, and a drain and `settle` are due (C1). */
  feed(history: readonly RecordedEvent[], end: number): boolean {
    while (this.#fed < end && !this.#lost) {
      const recorded = history[this.#fed++];
      if (recorded !== undefined && this.#take(recorded)) return true;
    }
    return false;
  }

  settle(): void {
    this.#awake = false;
    this.#progress();
  }

  answer(): readonly RunDecision[] {
    if (this.#broken !== undefined) return [{ type: "GetStuck", failure: this.#broken }];
    if (!this.#unrecorded.isEmpty) return this.#unrecorded.all();
    const atRest = this.#phase === "over" || this.#waits.size > 0 || this.#undo.isRunning;
    return atRest || this.#closing?.recorded === false ? [] : [{ type: "GetStuck", failure: elsewhere }];
  }

  /** Why the code could not take it; nothing when it is not waiting for it. */
  problemWith(offer: Offer): string | undefined {
    switch (offer.type) {
      case "jobOutput": {
        const checked = this.#checkJob(offer.jobId, "output", decodePayload(offer.output));
        return checked.ok ? undefined : checked.problem;
      }
      case "jobInput": {
        const checked = this.#checkJob(offer.jobId, "input", decodePayload(offer.input));
        return checked.ok ? undefined : checked.problem;
      }
      case "signal": {
        const waiting = this.#waits.oldestForSignal(offer.name);
        if (waiting?.schema === undefined) return undefined;
        const checked = checkNow(waiting.schema, decodePayload(offer.payload));
        return checked.ok
          ? undefined
          : `The payload does not fit the signal ${offer.name}.\n${checked.problem}`;
      }
    }
  }

  // What the code asks for

  now(): Date {
    return new Date(this.#now);
  }

  random(): number {
    return randomNumber(`${this.runId}/random/${++this.#count.random}`);
  }

  uuid(): string {
    return namedUuid(`${this.runId}/uuid/${++this.#count.random}`);
  }

  scheduleJob(
    jobType: string,
    input: Payload,
    options: JobOptions | undefined,
    schemas: JobSchemas,
  ): Promise<unknown> {
    this.#refuseLateCalls(`run.job(${jobType})`);
    const jobId = `j${++this.#count.j}`;
    this.#issue({ type: "ScheduleJob", jobId, jobType, input, ...(options !== undefined && { options }) });
    return this.#wait(jobId, { kind: "job", jobType, schemas });
  }

  setTimer(dueAt: number): Promise<unknown> {
    this.#refuseLateCalls("run.sleep");
    const timerId = `t${++this.#count.t}`;
    this.#issue({ type: "SetTimer", timerId, dueAt: Math.max(Math.ceil(dueAt), this.#now) });
    return this.#wait(timerId, { kind: "timer" });
  }

  awaitSignal(name: string, timeoutMs: number | undefined, schema: z.ZodType | undefined): Promise<unknown> {
    this.#refuseLateCalls(`run.signal(${name})`);
    const waitId = `w${++this.#count.w}`;
    this.#issue({ type: "AwaitSignal", waitId, name, ...(timeoutMs !== undefined && { timeoutMs }) });
    const until = timeoutMs === undefined ? undefined : this.#now + timeoutMs;
    return this.#wait(waitId, {
      kind: "signal",
      name,
      ...(until !== undefined && { until }),
      ...(schema !== undefined && { schema }),
    });
  }

  /** @param undoing what the compensation is given, by which the job is found whose work it undoes */
  registerCompensation(
    jobType: string,
    input: Payload,
    options: JobOptions | undefined,
    undoing: unknown,
    schemas: JobSchemas,
  ): void {
    this.#refuseOutside(`run.compensate(${jobType})`);
    const compensation = {
      compensationId: `c${++this.#count.c}`,
      jobType,
      input,
      ...(options !== undefined && { options }),
    };
    const undoes = this.#results.jobOf(undoing);
    this.#undo.register(compensation, schemas);
    this.#issue({ type: "RegisterCompensation", ...compensation, ...(undoes !== undefined && { undoes }) });
  }

  setLabels(labels: Labels): void {
    this.#refuseOutside("run.setLabels");
    this.#issue({ type: "SetLabels", labels });
  }

  /** The code asked for something that can't be had. Recorded here too, lest a broad `catch` of the author's hides it. */
  refuse(problem: Failure): void {
    if (this.#phase !== "over") this.#broken ??= problem;
  }

  #refuseLateCalls(what: string): void {
    this.#refuseOutside(what);
    if (this.#closing?.outcome === "cancelled")
      throw new RunCancelledError(`${what}: the run is being cancelled.`);
    if (this.#closing?.outcome === "failed")
      throw new RunCancelledError(`${what}: the run has failed already.`);
    if (this.#broken !== undefined) throw new RunCancelledError(`${what}: the run is stuck.`);
  }

  #refuseOutside(what: string): void {
    if (!this.#awake) throw new Error(`${what} was called late: ${elsewhere.message}`);
    if (this.#phase === "over") throw new RunCancelledError(`${what}: the run is over.`);
  }

  #issue(decision: RunDecision): void {
    if (++this.#issuedInStep > maxStepRequests) {
      this.refuse(
        failure(
          "code",
          "TooManyRequests",
          `The code asked for more than ${maxStepRequests} things in one step. Wait for some of them before asking for more.`,
        ),
      );
      throw new RunCancelledError("The run is stuck.");
    }
    this.#unrecorded.add(decision);
  }

  #wait(id: string, what: WaitingFor): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waits.add(id, { ...what, resolve, reject });
    });
  }

  // What history says

  /** @returns whether the code may have been woken */
  #take({ seq, at, event }: RecordedEvent): boolean {
    if (isOwnDecision(event) && !this.#match(seq, event)) return false;
    switch (event.type) {
      case "RunStarted":
        this.#wake(at);
        this.#start(event.input);
        return true;
      case "RunFailing":
        this.#wake(at);
        if (this.#closing !== undefined) this.#closing.recorded = true;
        this.#rejectWaits("another branch of the code failed");
        return true;
      case "RunCancelRequested":
        this.#wake(at);
        this.#cancel();
        return true;
      case "JobCompleted":
        this.#wake(at);
        this.#completeJob(event);
        return true;
      case "JobRejected":
        this.#wake(at);
        this.#failJob(event.jobId, event.failure.message, () => businessError(event.failure));
        return true;
      case "JobFailed":
        this.#wake(at);
        this.#failJob(
          event.jobId,
          event.failure.message,
          (type) => new JobFailedError(type, event.jobId, event.failure),
        );
        return true;
      case "JobCancelled":
        this.#wake(at);
        this.#failJob(event.jobId, "cancelled", (type) => this.#jobCancelled(type, event));
        return true;
      case "TimerFired":
        this.#wake(at);
        // The time-out of a signal fires too; the wait ends with an event of its own.
        if (this.#waits.get(event.timerId)?.kind === "timer")
          this.#waits.take(event.timerId)?.resolve(undefined);
        return true;
      case "SignalReceived":
        this.#signals.set(event.signalId, event.payload);
        return false;
      case "SignalDelivered":
        this.#wake(at);
        this.#deliver(event);
        return true;
      case "SignalWaitEnded":
        this.#wake(at);
        if (event.because === "timeout") this.#waits.take(event.waitId)?.resolve(undefined);
        else this.#waits.take(event.waitId)?.reject(new RunCancelledError("The run is closing."));
        return true;
      case "RunCompleted":
      case "RunFailed":
      case "RunCancelled":
      case "RunTerminated":
        this.#phase = "over";
        return false;
      default:
        return false;
    }
  }

  #match(seq: number, event: RecordedEvent["event"]): boolean {
    const decision = this.#unrecorded.first;
    if (isRecordOf(event, decision)) {
      this.#unrecorded.recorded();
      return true;
    }
    this.#lost = true;
    this.#broken ??= failure(
      "nonDeterminism",
      "NonDeterminism",
      `The code changed against its history: event ${seq} of the history has ${describeEvent(event)}, the code now ${describeDecision(decision)}.`,
    );
    return false;
  }

  #wake(at: number): void {
    this.#now = at;
    this.#awake = true;
    this.#issuedInStep = 0;
  }

  #start(payload: Payload): void {
    let input: unknown = decodePayload(payload);
    if (this.#workflow.inputSchema !== undefined) {
      const checked = checkNow(this.#workflow.inputSchema, input);
      if (!checked.ok) {
        this.refuse(
          failure(
            "invalid",
            "InvalidInput",
            `The input does not fit the workflow's schema.\n${checked.problem}`,
          ),
        );
        return;
      }
      input = checked.value;
    }
    const context = new RunContext(this);
    const execute = async (): Promise<unknown> => this.#workflow.execute(context, input);
    // What was returned or thrown is looked at as part of the code too: its getters and `toJSON` are the author's.
    containStrays(this.#onStray, () => void execute().then(this.#onReturn, this.#onThrow));
  }

  readonly #onReturn = (output: unknown): void => {
    if (!this.#endsNow()) return;
    this.#end = {};
    if (this.#closing !== undefined || this.#broken !== undefined) return;
    try {
      const decision: RunDecision = { type: "CompleteRun", output: this.#encodeOutput(output) };
      this.#unrecorded.add(decision);
      this.#phase = "over";
    } catch (error) {
      if (!(error instanceof PayloadError)) throw error;
      this.refuse(failure("invalid", "InvalidOutput", error.message));
    }
  };

  #encodeOutput(output: unknown): Payload {
    if (this.#workflow.outputSchema === undefined) return encodePayload(output, "The output of the workflow");
    const checked = checkNow(this.#workflow.outputSchema, output);
    if (checked.ok) return encodePayload(checked.value, "The output of the workflow");
    throw new PayloadError(`The output of the workflow does not fit its schema.\n${checked.problem}`);
  }

  readonly #onThrow = (thrown: unknown): void => {
    if (!this.#endsNow()) return;
    const expected = expectedFailure(thrown);
    if (expected === undefined) {
      const bug = failureOf("code", thrown);
      this.#end = { failure: bug };
      if (this.#closing === undefined) this.refuse(bug);
      return;
    }
    this.#end = {};
    if (this.#closing !== undefined || this.#broken !== undefined) return;
    this.#closing = { outcome: "failed", failure: expected, recorded: false };
    this.#unrecorded.add({ type: "BeginFailing", failure: expected });
  };

  #endsNow(): boolean {
    if (this.#end !== undefined) return false;
    if (!this.#awake) this.refuse(elsewhere);
    return this.#awake;
  }

  #cancel(): void {
    // Stuck code is as good as ended: a person wants the run to end, and its compensations are known.
    if (this.#broken !== undefined) {
      this.#end = { failure: this.#broken };
      this.#broken = undefined;
    }
    this.#closing = { outcome: "cancelled", recorded: true };
    this.#phase = "code";
    this.#dropUnrecorded();
    this.#rejectWaits("the run is being cancelled");
  }

  /** What the code asked for when it got stuck never happened (C3). Its undo registrations stay: they are owed. */
  #dropUnrecorded(): void {
    this.#unrecorded.keep((decision) => {
      switch (decision.type) {
        case "RegisterCompensation":
        case "SetLabels":
          return true;
        case "ScheduleJob":
          this.#count.j--;
          this.#waits.take(decision.jobId)?.reject(new RunCancelledError("The run is being cancelled."));
          return false;
        case "SetTimer":
          this.#count.t--;
          return false;
        case "AwaitSignal":
          this.#count.w--;
          return false;
        default:
          return false;
      }
    });
  }

  #rejectWaits(why: string): void {
    for (const waiting of this.#waits.takeAllButJobs())
      waiting.reject(new RunCancelledError(`The wait ended: ${why}.`));
  }

  #completeJob({ jobId, output }: EventOf<"JobCompleted">): void {
    if (this.#undo.runsAs(jobId)) return this.#undo.finish();
    const checked = this.#checkJob(jobId, "output", decodePayload(output));
    const waiting = this.#waits.take(jobId);
    if (waiting?.kind !== "job") return;
    if (!checked.ok) return this.refuse(failure("invalid", "InvalidOutput", checked.problem));
    this.#results.add(jobId, checked.value);
    waiting.resolve(checked.value);
  }

  #checkJob(jobId: string, part: "input" | "output", value: unknown): Checked<unknown> {
    const waiting = this.#waits.get(jobId);
    const job = waiting?.kind === "job" ? waiting : this.#undo.running(jobId);
    const schema = part === "input" ? job?.schemas.inputSchema : job?.schemas.outputSchema;
    if (job === undefined || schema === undefined) return { ok: true, value };
    const checked = checkNow(schema, value);
    if (checked.ok) return checked;
    const what = `The ${part} of ${job.jobType} (${jobId})`;
    return { ok: false, problem: `${what} does not fit its schema.\n${checked.problem}` };
  }

  #failJob(jobId: string, problem: string, error: (jobType: string) => Error): void {
    if (this.#undo.runsAs(jobId)) return this.#undo.finish(problem);
    const waiting = this.#waits.take(jobId);
    if (waiting?.kind === "job") waiting.reject(error(waiting.jobType));
  }

  #jobCancelled(jobType: string, { jobId, action }: EventOf<"JobCancelled">): Error {
    if (this.#closing === undefined) return new JobCancelledError(jobType, jobId, action?.reason);
    return new RunCancelledError(`${jobType} (${jobId}) was cancelled with its run.`);
  }

  #deliver({ waitId, signalId }: EventOf<"SignalDelivered">): void {
    const payload = this.#signals.get(signalId);
    this.#signals.delete(signalId);
    const waiting = this.#waits.take(waitId);
    if (waiting?.kind !== "signal" || payload === undefined) return;
    const value = decodePayload(payload);
    if (waiting.schema === undefined) return waiting.resolve(value);
    const checked = checkNow(waiting.schema, value);
    if (checked.ok) return waiting.resolve(checked.value);
    this.#awaitAgain(waiting, signalId);
  }

  /**
   * A signal that came before the code waited for it could not be checked then. One that does not fit is passed over: a
   * slip of whoever sent it must not end what they wanted to move on.
   */
  #awaitAgain(waiting: WaitingForSignal, signalId: string): void {
    const { name, until } = waiting;
    const waitId = `w${++this.#count.w}`;
    const timeoutMs = until === undefined ? undefined : Math.max(0, until - this.#now);
    const timeout = timeoutMs === undefined ? {} : { timeoutMs };
    this.#issue({ type: "AwaitSignal", waitId, name, ...timeout, signalId });
    this.#waits.add(waitId, waiting);
  }

  // The end of a run that does not complete

  #progress(): void {
    if (this.#broken !== undefined || this.#closing?.recorded !== true || this.#phase === "over") return;
    if (this.#phase === "code") {
      if (this.#waits.jobs > 0) return;
      // Nothing of ours is left that could wake it: code that has not ended by now waits for something else.
      this.#end ??= { failure: elsewhere };
      this.#phase = "undoing";
    }
    if (this.#undo.isRunning) return;
    const next = this.#undo.take(`j${this.#count.j + 1}`);
    if (next === undefined) {
      this.#phase = "over";
      this.#unrecorded.add(this.#lastDecision(this.#closing));
      return;
    }
    this.#count.j++;
    this.#unrecorded.add({ type: "ScheduleJob", jobId: `j${this.#count.j}`, ...next });
  }

  #lastDecision(closing: Closing): RunDecision {
    const { problems } = this.#undo;
    if (closing.outcome === "failed") {
      const { name, message, stack } = closing.failure;
      if (problems === undefined) return { type: "FailRun", failure: closing.failure };
      const longer = failure(closing.failure.kind, name, `${message} ${problems}`, stack);
      return { type: "FailRun", failure: { ...closing.failure, ...longer } };
    }
    const bug = this.#end?.failure;
    if (problems === undefined) return { type: "FinishCancel", ...(bug !== undefined && { failure: bug }) };
    if (bug === undefined)
      return { type: "FinishCancel", failure: failure("technical", "UndoFailed", problems) };
    return {
      type: "FinishCancel",
      failure: failure(bug.kind, bug.name, `${bug.message} ${problems}`, bug.stack),
    };
  }
}

type Closing =
  | { readonly outcome: "failed"; readonly failure: Failure; recorded: boolean }
  | { readonly outcome: "cancelled"; recorded: boolean };

const elsewhere: Failure = {
  kind: "code",
  name: "WaitsElsewhere",
  message:
    "The code waits for something that is not of its run (a network call, a timer of Node, a promise that never settles). " +
    "Workflow code may only wait for run.job, run.sleep, run.signal; put everything else into a job.",
};
