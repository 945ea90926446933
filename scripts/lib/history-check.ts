import {
  type AcceptCursor,
  defaultRetryPolicy,
  emptyCursor,
  evolve,
  type OpenRun,
  openJob,
  openJobs,
  openTimer,
  type RunEvent,
  type RunState,
} from "@downbeat/domain";
import {
  comparePositions,
  type MessageLog,
  type Reader,
  type ReceivedMessage,
  reconnectingReader,
} from "@downbeat/message-log";
import { type Decision, parseJobMessage, readHistory, topics } from "@downbeat/protocol";
import { forgedPrefix } from "./forger.ts";

/** What history says of one run, from the events that count and nothing else. */
interface FoldedRun {
  readonly partition: number;
  state: RunState;
  /** Number of the event that ended it, 0 while it is open. */
  closedSeq: number;
  terminalEvents: number;
  /** `jobId/attempt` of all that were requested. */
  readonly requested: Set<string>;
  /** Of each timer that fired: how long after its moment the log took the event, ms. */
  readonly firedAfterMs: number[];
}

export interface Fold {
  readonly runs: ReadonlyMap<string, FoldedRun>;
  /** Each one sentence. */
  readonly violations: readonly string[];
  readonly counted: number;
  readonly ignored: number;
  readonly claims: number;
  /** Records that are damaged, where that is expected. */
  readonly damaged: number;
  /** How often each build of the code decided, where workers host it. */
  readonly decidedBy: Readonly<Record<string, number>>;
  /** How often a build passed on a run that its code does not fit. */
  readonly passedOn: number;
  /** Runs with a part in such a record: nothing is said of them here. */
  readonly touched: ReadonlySet<string>;
}

export interface FoldOptions {
  /** Of which records were damaged on purpose. */
  readonly damagedRuns?: ReadonlySet<string>;
  /** Clocks of the log jump: its publish times say nothing of how early or late a timer was. */
  readonly clocksJump?: boolean;
}

const terminal = new Set(["RunCompleted", "RunFailed", "RunCancelled", "RunTerminated"]);
const readWithinMs = 120_000;

/** Reads all of history again, by the accept rule and the domain's `evolve`, and shares no code with engine or read model beyond these. */
export async function foldHistory(log: MessageLog, options: FoldOptions = {}): Promise<Fold> {
  const partitions = await log.partitionsOf("history");
  const fold = new HistoryFold(options);
  for (let partition = 0; partition < partitions; partition++) {
    fold.nextPartition(partition);
    await readAll(log, topics.history(partition), (message) => fold.take(message));
  }
  return fold;
}

class HistoryFold implements Fold {
  readonly runs = new Map<string, FoldedRun>();
  readonly violations: string[] = [];
  counted = 0;
  ignored = 0;
  claims = 0;
  damaged = 0;
  readonly decidedBy: Record<string, number> = {};
  passedOn = 0;
  readonly touched: ReadonlySet<string>;
  readonly #clocksJump: boolean;
  #partition = 0;
  #cursor: AcceptCursor = emptyCursor;
  #at = 0;

  constructor({ damagedRuns = new Set(), clocksJump = false }: FoldOptions) {
    this.touched = damagedRuns;
    this.#clocksJump = clocksJump;
  }

  nextPartition(partition: number): void {
    this.#partition = partition;
    this.#cursor = emptyCursor;
    this.#at = 0;
  }

  take(message: ReceivedMessage): void {
    const { position, publishTime, properties } = message;
    const reading = readHistory(this.#cursor, message);
    this.#cursor = reading.cursor;
    if (reading.type === "leftOut") {
      if (reading.cause === "damaged" && this.touched.size > 0) {
        this.damaged += 1;
        return;
      }
      this.ignored += 1;
      if (reading.cause !== "notCounted" && properties.forged === undefined)
        this.violations.push(`Partition ${this.#partition}, ${position}: ${reading.reason}.`);
      return;
    }
    this.counted += 1;
    if (reading.type === "claim") {
      this.claims += 1;
      return;
    }
    const { record } = reading;
    if (record.at < this.#at)
      this.violations.push(`Partition ${this.#partition}: time goes back at ${position}.`);
    this.#at = record.at;
    for (const decision of record.decisions)
      if (decision.seq > 0 && !decision.runId.startsWith(forgedPrefix) && !this.touched.has(decision.runId))
        this.#apply(decision, record.at, publishTime);
  }

  #countBuild(event: RunEvent): void {
    if (event.type === "CodeAskedAgain" && event.because === "notMine") this.passedOn += 1;
    if (event.type !== "CodeAnswered") return;
    const build = event.build ?? "";
    this.decidedBy[build] = (this.decidedBy[build] ?? 0) + 1;
  }

  #apply({ runId, inputId, seq: first, events }: Decision, at: number, publishTime: number): void {
    const run = this.runs.get(runId);
    let state = run?.state;
    const expected = (state?.seq ?? 0) + 1;
    if (first !== expected) {
      this.violations.push(`Run ${runId}: event ${expected} should follow, ${first} does.`);
    }
    let seq = first;
    for (const event of events) {
      const before = state;
      this.#countBuild(event);
      try {
        state = evolve(state, event, { runId, seq, at, inputId });
      } catch (error) {
        this.violations.push(`Run ${runId}: event ${seq}: ${(error as Error).message}`);
        return;
      }
      const folded: FoldedRun = this.runs.get(runId) ?? {
        partition: this.#partition,
        state,
        closedSeq: 0,
        terminalEvents: 0,
        requested: new Set(),
        firedAfterMs: [],
      };
      folded.state = state;
      this.runs.set(runId, folded);
      if (terminal.has(event.type)) {
        folded.terminalEvents += 1;
        folded.closedSeq = seq;
      }
      if (event.type === "AttemptRequested" && before?.status === "running") {
        this.#checkAttempt(before, folded, event.jobId, event.attempt);
      }
      if (event.type === "TimerFired" && before?.status === "running") {
        this.#checkTimer(before, folded, event.timerId, publishTime);
      }
      seq += 1;
    }
  }

  #checkTimer(run: OpenRun, folded: FoldedRun, timerId: string, publishTime: number): void {
    const timer = openTimer(run, timerId);
    if (timer === undefined)
      return void this.violations.push(`Run ${run.runId}: ${timerId} was not waiting.`);
    const after = publishTime - timer.dueAt;
    if (after < 0 && !this.#clocksJump)
      this.violations.push(`Run ${run.runId}: ${timerId} fired ${-after} ms early.`);
    folded.firedAfterMs.push(after);
  }

  #checkAttempt(run: OpenRun, folded: FoldedRun, jobId: string, attempt: number): void {
    const job = openJob(run, jobId);
    const name = `${jobId}/${attempt}`;
    if (job === undefined) return;
    if (folded.requested.has(name)) this.violations.push(`Run ${run.runId}: ${name} is requested twice.`);
    if (attempt !== job.attempt + 1) {
      this.violations.push(`Run ${run.runId}: ${name} follows attempt ${job.attempt}.`);
    }
    const most = job.options?.retry?.maxAttempts ?? defaultRetryPolicy.maxAttempts;
    if (attempt - job.attemptBase > most) {
      this.violations.push(
        `Run ${run.runId}: ${name} is more than the ${most} attempts that ${job.jobType} may have.`,
      );
    }
    folded.requested.add(name);
  }
}

/**
 * Watches what is handed to workers: each attempt must be one that history asks for. The log forgets what is acknowledged, so
 * this is watched all the time; what passes while the connection is lost may be missed.
 */
export class HandedOver {
  readonly #seen = new Map<string, { readonly runId: string; readonly attempt: string }>();
  readonly #readers: Reader[];
  /** Messages for attempts that were handed over before: allowed, as the worker's answer counts once. */
  again = 0;

  constructor(log: MessageLog, jobTypes: readonly string[]) {
    this.#readers = jobTypes.map((jobType) =>
      reconnectingReader(log, topics.jobs(jobType), {
        from: "earliest",
        onMessage: ({ payload }) => {
          const { runId, jobId, attempt } = parseJobMessage(payload);
          const name = `${runId}/${jobId}/${attempt}`;
          if (this.#seen.has(name)) this.again += 1;
          this.#seen.set(name, { runId, attempt: `${jobId}/${attempt}` });
        },
      }),
    );
  }

  get attempts(): number {
    return this.#seen.size;
  }

  check(fold: Fold): string[] {
    return [...this.#seen.values()]
      .filter(({ runId }) => !fold.touched.has(runId))
      .filter(({ runId, attempt }) => fold.runs.get(runId)?.requested.has(attempt) !== true)
      .map(
        ({ runId, attempt }) =>
          `Run ${runId}: ${attempt} was handed to workers, and history does not ask for it.`,
      );
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }
}

/** From the beginning to what is the end now. */
export async function readAll(
  log: MessageLog,
  topic: string,
  take: (message: ReceivedMessage) => void,
): Promise<void> {
  const end = await log.lastPosition(topic);
  if (end === undefined) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => reject(new Error(`${topic} was not read to its end in time.`)),
    readWithinMs,
  );
  const reader = await log.openReader(topic, {
    from: "earliest",
    onMessage: (message) => {
      if (comparePositions(message.position, end) <= 0) take(message);
      if (comparePositions(message.position, end) >= 0) resolve();
    },
    onClose: (reason) => reject(reason ?? new Error(`The reader of ${topic} was closed.`)),
  });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    promise.catch(() => {});
    await reader.close();
  }
}

/** Why an open run does not go on by itself; `undefined` when it should. */
export function stuckBecause(state: OpenRun): string | undefined {
  if (state.stuck !== undefined) return state.stuck.message;
  return openJobs(state).find((job) => job.status === "stuck")?.failure.message;
}
