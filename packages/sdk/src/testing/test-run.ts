import { type Failure, type OpenRun, openJobs } from "@downbeat/domain";
import type { RecordedEvent } from "@downbeat/protocol";
import { boundMethods } from "../bound-methods.ts";
import type { Client } from "../client/client.ts";
import { encode } from "../client/encode.ts";
import { RunNotCompletedError, RunStuckError } from "../client/errors.ts";
import { endOf } from "../client/outcomes.ts";
import type { RunHandle } from "../client/run-handle.ts";
import { failureValue } from "../failure-value.ts";
import { decodePayload } from "../payload.ts";
import { type Driver, problem } from "./driver.ts";
import { type LateWord, Patience } from "./patience.ts";
import type { RunBook, RunEntry } from "./run-book.ts";
import {
  type ShownAttempt,
  type ShownCompensation,
  type ShownEvent,
  shownAttempts,
  shownCompensations,
  shownEvents,
} from "./shown-history.ts";
import { TestEnvironmentError } from "./test-environment-error.ts";
import { waitingFor } from "./waiting-for.ts";

export type TestRunStatus =
  | "running"
  /** It waits for a person: its code can't decide, or a job of it has used up its attempts. */
  | "stuck"
  | "completed"
  | "failed"
  | "cancelled"
  | "terminated"
  | "damaged";

/** A run's history as it is exported, for `replay`. */
export interface ExportedHistory {
  readonly runId: string;
  readonly workflow: string;
  readonly events: readonly RecordedEvent[];
}

interface Parts<Output> {
  readonly book: RunBook;
  readonly client: Client;
  readonly driver: Driver;
  readonly handle: RunHandle<Output>;
  readonly command: (what: string, send: () => Promise<void>) => Promise<void>;
  readonly nextSignalId: () => string;
  /** See `TestEnvironmentOptions`. */
  readonly stepLimit: number;
  readonly say: LateWord["say"];
}

// Test runners end a test after 5 s. Kept before one of them can put a clock of its own in its place.
const late = { afterMs: 3_000, now: performance.now.bind(performance) };

/** One run in a test environment. */
export class TestRun<Output> {
  readonly runId: string;
  readonly #parts: Parts<Output>;

  /** @internal */
  constructor(runId: string, parts: Parts<Output>) {
    this.runId = runId;
    boundMethods(this);
    this.#parts = parts;
  }

  get status(): TestRunStatus {
    const { state, plain } = this.#entry;
    return state.status === "running" && stuck(state, plain) !== undefined ? "stuck" : state.status;
  }

  /** What it waits for, one thing a text; empty when it is over. */
  get waitsFor(): string[] {
    const { state } = this.#entry;
    return state.status === "running" ? waitingFor(state) : [];
  }

  /**
   * The run's output. Time passes until it ends: sleeps, retries and time-outs take no real time.
   *
   * @throws RunNotCompletedError when the run failed, was cancelled or terminated
   * @throws RunStuckError as soon as it is stuck, unless the test has something to do later (`env.after`)
   * @throws TestEnvironmentError when a job has no handler, time alone would never end the run, or it goes on and on
   */
  async result(): Promise<Output> {
    const { stepLimit, say } = this.#parts;
    const patience = new Patience(stepLimit, { ...late, say });
    return this.#parts.driver.until<Output>({
      look: () => {
        const { state, plain } = this.#entry;
        if (state.status !== "running") return { value: this.#output(plain) };
        const why = stuck(state, plain);
        if (why !== undefined && !this.#parts.driver.hasActions)
          throw new RunStuckError(this.runId, failureValue(why.failure), why.jobType);
        return undefined;
      },
      stalled: () => {
        const waits = this.waitsFor.join("; and for ") || "nothing that is known";
        const message =
          `Run ${this.runId} waits for ${waits}. Nothing is due that would end that, however much time passes. ` +
          'Do it in the test, now or at a time: env.after("1 hour", () => run.signal(…)).';
        return new TestEnvironmentError("nothingDue", message);
      },
      moved: (now) => {
        const { hasActions } = this.#parts.driver;
        return patience.moved(this.#entry, { now, waitsFor: this.waitsFor, hasActions });
      },
    });
  }

  /**
   * Resolves when the engine has taken it and what comes of it at once has happened.
   *
   * @throws RunRefusedError when the run is over, or the code can't take the payload
   */
  signal(name: string, payload?: unknown, options: { readonly signalId?: string } = {}): Promise<void> {
    const { client, handle, nextSignalId } = this.#parts;
    const what = `The signal ${name}`;
    const { runId } = this;
    // The same id twice has one answer.
    if (options.signalId !== undefined)
      return this.#command(what, () => handle.signal(name, payload, options));
    return this.#command(what, async () => {
      const text = encode(payload, "The payload of the signal", runId);
      const signal = { runId, signalId: nextSignalId(), name, payload: text, actor: client.actor };
      await client.send({ type: "SendSignal", ...signal }, handle.known);
    });
  }

  cancel(reason = "the test cancels it"): Promise<void> {
    return this.#command("The cancelling", () => this.#parts.handle.cancel(reason));
  }

  terminate(reason = "the test terminates it"): Promise<void> {
    return this.#command("The terminating", () => this.#parts.handle.terminate(reason));
  }

  /** Asks the code of a stuck run again. */
  resume(reason = "the test resumes it"): Promise<void> {
    return this.#command("The resuming", () => this.#parts.handle.resume(reason));
  }

  /** Gives a stuck job of this name a fresh set of attempts, perhaps with another input. */
  retryJob(job: string, edit?: { readonly input: unknown }): Promise<void> {
    const reason = "the test tries it again";
    return this.#command("The retry", () => this.#parts.handle.retryJob(this.#jobId(job), reason, edit));
  }

  cancelJob(job: string, reason = "the test cancels it"): Promise<void> {
    return this.#command("The cancelling", () => this.#parts.handle.cancelJob(this.#jobId(job), reason));
  }

  /** Ends an open job with a result that a person gives. */
  completeJob(job: string, output?: unknown): Promise<void> {
    const reason = "the test completes it";
    return this.#command("The completing", () =>
      this.#parts.handle.completeJob(this.#jobId(job), output, reason),
    );
  }

  /** All that happened so far, or all of one type, in plain values. */
  events(type?: ShownEvent["type"]): ShownEvent[] {
    const all = shownEvents(this.#entry.plain);
    return type === undefined ? all : all.filter((event) => event.type === type);
  }

  /** Attempts of all jobs, or of one, in the order in which they were asked for. */
  attempts(job?: string): ShownAttempt[] {
    return shownAttempts(this.#entry.plain, job);
  }

  /** In the order in which they were carried out; those that are owed come last. */
  compensations(): ShownCompensation[] {
    return shownCompensations(this.#entry.plain);
  }

  /** As it is recorded, to be kept in a file and given to `replay`. */
  history(): ExportedHistory {
    const { state, history } = this.#entry;
    return { runId: this.runId, workflow: state.workflow, events: structuredClone(history) };
  }

  get #entry(): RunEntry {
    const entry = this.#parts.book.run(this.runId);
    if (entry !== undefined) return entry;
    throw new TestEnvironmentError("unknownRun", `There is no run ${this.runId}.`);
  }

  #command(what: string, send: () => Promise<void>): Promise<void> {
    return this.#parts.command(`${what} of ${this.runId}`, send);
  }

  #jobId(job: string): string {
    const { state } = this.#entry;
    const open = state.status === "running" ? openJobs(state) : [];
    const found = open.find(({ jobType, jobId }) => jobType === job || jobId === job);
    if (found !== undefined) return found.jobId;
    const there = open.map(({ jobType }) => jobType).join(", ") || "none";
    throw new RangeError(`Run ${this.runId} has no open job ${job}; open are: ${there}.`);
  }

  #output(history: readonly RecordedEvent[]): Output {
    const last = history.findLast(({ event }) => endOf(event) !== undefined)?.event;
    const end = last === undefined ? undefined : endOf(last);
    if (end === undefined) throw problem(`It can't be told how run ${this.runId} ended.`);
    if (end.status !== "completed")
      throw new RunNotCompletedError(this.runId, end.status, end.failure && failureValue(end.failure));
    // What the workflow's type says, or what its schema has checked before it was recorded.
    return decodePayload(end.output) as Output;
  }
}

function stuck(run: OpenRun, plain: readonly RecordedEvent[]) {
  if (run.stuck !== undefined) return { failure: told(plain, "RunStuck") ?? run.stuck };
  const job = openJobs(run).find(({ status }) => status === "stuck");
  if (job?.status !== "stuck") return undefined;
  return { failure: told(plain, "JobStuck", job.jobId) ?? job.failure, jobType: job.jobType };
}

/** As history tells it last, before it was encrypted. */
function told(
  plain: readonly RecordedEvent[],
  type: "RunStuck" | "JobStuck",
  jobId?: string,
): Failure | undefined {
  const last = plain.findLast(
    ({ event }) => event.type === type && (event.type === "RunStuck" || event.jobId === jobId),
  )?.event;
  return last !== undefined && "failure" in last ? last.failure : undefined;
}
