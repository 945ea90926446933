import {
  type Failure,
  type JobOptions,
  type Labels,
  maxStepBytes,
  maxStepRequests,
  type Payload,
  type RunDecision,
} from "@downbeat/domain";
import type { z } from "zod";
import { RunCancelledError } from "../errors.ts";
import { failure } from "../failure.ts";
import { asError } from "../thrown/as-error.ts";
import { JobPromise } from "./job-promise.ts";
import type { JobSchemas } from "./job-schemas.ts";
import type { RecentResults } from "./recent-results.ts";
import { namedUuid, randomNumber } from "./reproducible.ts";
import { SignalWaits } from "./signal-waits.ts";
import type { Situation } from "./situation.ts";
import { TimerPromise } from "./timer-promise.ts";
import type { UndoStack } from "./undo-stack.ts";
import type { Unrecorded } from "./unrecorded.ts";
import type { Versions } from "./versions.ts";
import type { WaitingForSignal, Waits } from "./waits.ts";

export interface RequestsParts {
  readonly situation: Situation;
  readonly unrecorded: Unrecorded;
  readonly waits: Waits;
  readonly results: RecentResults;
  readonly undo: UndoStack;
  readonly versions: Versions;
}

/**
 * What the code of one run asks for: each gets an id by its place among its like (C2). A step may be refused as much as it may ask for, and is then
 * answered no more: code that catches each refusal and asks again would go on forever, and everybody with it.
 */
export class Requests {
  readonly runId: string;
  readonly #situation: Situation;
  readonly #unrecorded: Unrecorded;
  readonly #waits: Waits;
  readonly #results: RecentResults;
  readonly #undo: UndoStack;
  readonly #versions: Versions;
  readonly #signals: SignalWaits;
  readonly #count = { j: 0, t: 0, w: 0, c: 0, random: 0 };
  #issuedInStep = 0;
  #refusedInStep = 0;
  #unheardInStep = 0;
  #refusedBytes = 0;

  constructor(runId: string, { situation, unrecorded, waits, results, undo, versions }: RequestsParts) {
    this.runId = runId;
    this.#situation = situation;
    this.#unrecorded = unrecorded;
    this.#waits = waits;
    this.#results = results;
    this.#undo = undo;
    this.#versions = versions;
    this.#signals = new SignalWaits({
      situation,
      unrecorded,
      waits,
      onWantedAgain: (waiting) => this.#awaitAnew(waiting),
    });
  }

  /** Something woke the code. */
  newStep(): void {
    this.#signals.wake();
    this.#issuedInStep = 0;
    this.#refusedInStep = 0;
    this.#unheardInStep = 0;
    this.#refusedBytes = 0;
  }

  get isLossy(): boolean {
    return this.#situation.isLossy;
  }

  get isAnyDepth(): boolean {
    return this.#situation.isAnyDepth;
  }

  now(): Date {
    return new Date(this.#situation.now);
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
    this.#situation.refuseLateCalls(`run.job(${jobType})`);
    const jobId = `j${++this.#count.j}`;
    this.#issue({ type: "ScheduleJob", jobId, jobType, input, ...(options !== undefined && { options }) });
    const { promise, resolve, reject } = JobPromise.open();
    this.#waits.add(jobId, { kind: "job", jobType, schemas, promise, resolve, reject });
    return promise;
  }

  /** So long, whatever the code was told of the time. */
  sleep(ms: number): Promise<unknown> {
    const { at, now } = this.#situation;
    return this.#setTimer(at + ms, now - at);
  }

  sleepUntil(moment: number): Promise<unknown> {
    const { at, now } = this.#situation;
    return this.#setTimer(moment > now ? moment : at, 0);
  }

  /** @param ahead how much later it is then by the time that the code is told */
  #setTimer(dueAt: number, ahead: number): Promise<unknown> {
    this.#situation.refuseLateCalls("run.sleep");
    const timerId = `t${++this.#count.t}`;
    this.#issue({ type: "SetTimer", timerId, dueAt: Math.max(Math.ceil(dueAt), this.#situation.at) });
    const { promise, resolve, reject } = TimerPromise.open();
    this.#waits.add(timerId, { kind: "timer", ahead, promise, resolve, reject });
    return promise;
  }

  awaitSignal(name: string, timeoutMs: number | undefined, schema: z.ZodType | undefined): Promise<unknown> {
    this.#situation.refuseLateCalls(`run.signal(${name})`);
    const waitId = `w${++this.#count.w}`;
    this.#issue({ type: "AwaitSignal", waitId, name, ...(timeoutMs !== undefined && { timeoutMs }) });
    const { at, now } = this.#situation;
    return this.#signals.open(waitId, {
      kind: "signal",
      name,
      ahead: now - at,
      ...(timeoutMs !== undefined && { until: at + timeoutMs }),
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
    this.#situation.refuseOutside(`run.compensate(${jobType})`);
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
    this.#situation.refuseOutside("run.setLabels");
    this.#issue({ type: "SetLabels", labels });
  }

  version(changeId: string, newest: number): number {
    this.#situation.refuseOutside(`run.version(${changeId})`);
    const { version, isNew } = this.#versions.of(changeId, newest);
    if (isNew) this.#issue({ type: "RecordVersion", changeId, version });
    return version;
  }

  refuseLateCalls(what: string): void {
    this.#situation.refuseLateCalls(what);
  }

  /** See `Situation`. @param bytes of what can't be taken */
  refuse(problem: Failure, bytes: number): void {
    this.#situation.refuse(problem);
    this.#refusedBytes += bytes;
  }

  /**
   * Something was refused.
   *
   * @returns whether the code may hear of it, and so go on
   * @throws the reason, when the code goes on though it hears of nothing any more: it waits for none of what it asks for, and only an exception ends it
   */
  isHeard(reason: unknown): boolean {
    const isHeard = ++this.#refusedInStep <= maxStepRequests && this.#refusedBytes <= maxStepBytes;
    if (isHeard) return true;
    this.#situation.endCode(tooMuchRefused);
    if (++this.#unheardInStep > maxStepRequests) throw reason;
    return false;
  }

  /**
   * A signal that came before the code waited for it could not be checked then. One that does not fit is passed over: a
   * slip of whoever sent it must not end what they wanted to move on.
   */
  awaitAgain(waiting: WaitingForSignal, signalId: string): void {
    this.#await(waiting, { signalId });
  }

  /** The code has come to rest. */
  settle(): void {
    this.#signals.settle();
  }

  /** History says that the wait was given up. */
  abandoned(waitId: string): void {
    this.#signals.abandoned(waitId);
  }

  /** Refused as any other request, where the code can't wait any more. */
  #awaitAnew(waiting: WaitingForSignal): void {
    try {
      this.#situation.refuseLateCalls(`run.signal(${waiting.name})`);
      this.#await(waiting, {});
    } catch (error) {
      if (this.#isHeardAt(error)) waiting.reject(asError(error));
    }
  }

  /** Where nothing may be thrown: who subscribes to a promise expects none. */
  #isHeardAt(reason: unknown): boolean {
    try {
      return this.isHeard(reason);
    } catch {
      return true;
    }
  }

  #await(waiting: WaitingForSignal, passedOver: { readonly signalId?: string }): void {
    const { name, until } = waiting;
    const waitId = `w${++this.#count.w}`;
    const timeoutMs = until === undefined ? undefined : Math.max(0, until - this.#situation.at);
    const timeout = timeoutMs === undefined ? {} : { timeoutMs };
    this.#issue({ type: "AwaitSignal", waitId, name, ...timeout, ...passedOver });
    this.#signals.move(waiting, waitId);
  }

  /** The next compensation that is owed. @returns whether there is one */
  undoNext(): boolean {
    const jobId = `j${this.#count.j + 1}`;
    const next = this.#undo.take(jobId);
    if (next === undefined) return false;
    this.#count.j++;
    this.#unrecorded.add({ type: "ScheduleJob", jobId, ...next });
    return true;
  }

  /** What the code asked for when it got stuck never happened (C3). Its undo registrations stay: they are owed. */
  dropUnrecorded(): void {
    this.#unrecorded.keep((decision) => {
      switch (decision.type) {
        case "RegisterCompensation":
        case "SetLabels":
        case "RecordVersion":
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

  #issue(decision: RunDecision): void {
    if (++this.#issuedInStep > maxStepRequests) {
      this.#situation.endCode(tooManyRequests);
      throw new RunCancelledError("The run is stuck.");
    }
    this.#unrecorded.add(decision);
  }
}

const tooManyRequests = failure(
  "code",
  "TooManyRequests",
  `The code asked for more than ${maxStepRequests} things in one step. Wait for some of them before asking for more.`,
);

const tooMuchRefused = failure(
  "code",
  "TooManyRequests",
  `The code was refused more than ${maxStepRequests} things in one step, or ${maxStepBytes} bytes together, and asked again each time. Code that catches errors in a loop has to let RunCancelledError out.`,
);
