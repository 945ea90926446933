import { deadlines, earliestDeadline, type OpenRun, openJobs, openTimers } from "@downbeat/domain";
import { thrownText } from "../thrown/read-thrown.ts";
import type { JobHandlers } from "./job-handlers.ts";
import type { RunBook } from "./run-book.ts";
import { iso } from "./shown-history.ts";
import type { SimulatedTime } from "./simulated-time.ts";
import { TestEnvironmentError } from "./test-environment-error.ts";
import { currentTask, type Work } from "./work.ts";

/** So often time may be moved without anything that comes of it. */
const mostIdleSteps = 10_000;
const overdueMs = 1_000;

export interface DriverParts {
  readonly time: SimulatedTime;
  readonly work: Work;
  readonly book: RunBook;
  readonly handlers: JobHandlers;
}

/** What is awaited, and until when time may be moved for it. */
export interface Awaited<T> {
  /** Looked at whenever everything has come to rest. */
  readonly look: () => { readonly value: T } | undefined;
  readonly until?: number;
  /** Nothing is due any more, and it has not come. */
  readonly stalled: () => Error;
  /** Time was moved. @returns why it is awaited no longer */
  readonly moved?: (now: number) => Error | undefined;
}

/**
 * Moves time, for whoever waits for something.
 *
 * T1. Time moves when everything has come to rest: no handler at work, no message on its way, no command without its answer.
 * T2. It moves to what is due next, in a run or in the test. What merely looks after something, such as a watch for lost connections, is called
 *     late, when time has passed it, so days cost no more than seconds.
 * T3. What is due together comes in the order in which it was asked for.
 */
export class Driver {
  readonly #parts: DriverParts;
  readonly #problems: Error[] = [];
  #actions = 0;
  #isClosed = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: DriverParts) {
    this.#parts = parts;
  }

  /** The test still has something to do later. */
  get hasActions(): boolean {
    return this.#actions > 0;
  }

  /** The next wait fails with it. */
  report(problem: Error): void {
    this.#problems.push(problem);
  }

  takeProblem(): Error | undefined {
    return this.#problems.shift();
  }

  /** Nothing is waited for any more. */
  close(): void {
    this.#isClosed = true;
  }

  /** @throws what was reported, what is missing, and what `look` and `stalled` say */
  async until<T>(awaited: Awaited<T>): Promise<T> {
    this.#refuseInside();
    for (let idle = 0, events = -1; ; idle++) {
      const found = await this.#exclusively(async () => {
        if (!this.#isClosed) await this.#settle();
        const found = awaited.look();
        if (found !== undefined) return found;
        if (this.#isClosed) throw new TestEnvironmentError("closed", "The test environment is closed.");
        return this.#step(awaited);
      });
      if (found !== undefined) return found.value;
      const end = awaited.moved?.(this.#parts.time.now);
      if (end !== undefined) throw end;
      if (events !== this.#parts.book.events) idle = 0;
      events = this.#parts.book.events;
      if (idle > mostIdleSteps) throw problem(`Time went on to ${this.#now}, and nothing came of it.`);
    }
  }

  /** Lets everything come to rest, without time passing. Where that would wait for itself, it doesn't. */
  async settled(): Promise<void> {
    if (currentTask.getStore() === undefined) await this.#exclusively(() => this.#settle());
  }

  /** Has the test do something at a time. */
  schedule(dueAt: number, action: () => unknown): void {
    const { time, work } = this.#parts;
    this.#actions += 1;
    const carryOut = async (): Promise<void> => {
      const task = work.begin(`The action of ${iso(dueAt)}`);
      try {
        await currentTask.run(task, async () => action());
      } catch (cause) {
        const message = `The action of ${iso(dueAt)} failed: ${thrownText(cause)}`;
        this.report(new TestEnvironmentError("actionFailed", message, { cause }));
      } finally {
        this.#actions -= 1;
        task.end();
      }
    };
    time.schedule(dueAt - time.now, () => void carryOut(), { wakes: true });
  }

  /** For a handler: other things happen meanwhile. */
  sleep(ms: number): Promise<void> {
    const task = currentTask.getStore();
    if (task === undefined) {
      const message = "env.sleep is for handlers. To let time pass in a test, use env.skip.";
      return Promise.reject(new TestEnvironmentError("insideHandler", message));
    }
    return new Promise((resolve) => {
      const wake = (): void => {
        task.goOn();
        resolve();
      };
      this.#parts.time.schedule(ms, wake, { wakes: true });
      task.pause();
    });
  }

  get #now(): string {
    return iso(this.#parts.time.now);
  }

  /** Lets time pass to what is due next, or to the end of the wait. */
  async #step<T>({ look, until, stalled }: Awaited<T>): Promise<{ readonly value: T } | undefined> {
    const next = this.#nextDue();
    if (until !== undefined && (next === undefined || next > until)) {
      await this.#moveTo(until);
      return look();
    }
    if (next === undefined) throw stalled();
    await this.#moveTo(next);
    return undefined;
  }

  async #moveTo(moment: number): Promise<void> {
    const { time } = this.#parts;
    time.moveTo(moment);
    while (time.callDue()) await this.#settle();
  }

  async #settle(): Promise<void> {
    await this.#parts.work.settled();
    const reported = this.takeProblem() ?? this.#missingHandler();
    if (reported !== undefined) throw reported;
  }

  #missingHandler(): Error | undefined {
    const { book, handlers } = this.#parts;
    for (const { state } of book.runs) {
      if (state.status !== "running") continue;
      const job = openJobs(state).find(({ jobType, status }) => status !== "stuck" && !handlers.has(jobType));
      if (job === undefined) continue;
      const { jobType } = job;
      const nearest = handlers.nearest(jobType);
      const meant = nearest === undefined ? "" : ` There is one of ${nearest}: is that the one?`;
      return new TestEnvironmentError(
        "noHandler",
        `Run ${state.runId} asks for the job ${jobType}, and there is no handler of ${jobType}.${meant} ` +
          `Give testEnvironment() one in \`jobs\`, or call env.mock("${jobType}", …).`,
      );
    }
    return undefined;
  }

  #nextDue(): number | undefined {
    const { time, book } = this.#parts;
    const { now } = time;
    let next = time.nextWaking;
    for (const { state } of book.runs) {
      const due = state.status === "running" ? dueIn(state, now) : undefined;
      if (due !== undefined) next = Math.min(next ?? due, due);
    }
    return next;
  }

  /** Several may wait at once; time is moved for one after another. */
  async #exclusively<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(run);
    this.#turn = result.catch(() => {});
    return result;
  }

  #refuseInside(): void {
    const task = currentTask.getStore();
    if (task === undefined) return;
    const message = `${task.what} waits for time to pass, which waits for it. In a handler, use env.sleep().`;
    throw new TestEnvironmentError("insideHandler", message);
  }
}

/** When time will next do something to the run. */
export function dueIn(run: OpenRun, now: number): number | undefined {
  if (earliestDeadline(run) === undefined) return undefined;
  const timers = openTimers(run).map(({ dueAt }) => dueAt);
  const jobs = deadlines(run).flatMap(({ dueAt, command }) =>
    // A worker ends its attempts a little before the engine would: it gets its turn first.
    command.type === "FireTimer"
      ? []
      : [command.type === "TimeOutAttempt" ? Math.max(dueAt - 1, now + 1) : dueAt],
  );
  const next = Math.min(...timers, ...jobs);
  return next > now ? next : now + overdueMs;
}

export function problem(message: string, cause?: unknown): TestEnvironmentError {
  return new TestEnvironmentError("problem", message, cause === undefined ? {} : { cause });
}
