import { type DispatchAttempt, type RunState, waitingAttempt, waitingAttempts } from "@downbeat/domain";
import { comparePositions, LogError, type MessageLog, type Position } from "@downbeat/message-log";
import { type DecisionRecord, subscriptions, topics } from "@downbeat/protocol";
import type { Clock } from "./clock.ts";

export interface LostAttemptsOptions {
  readonly log: Pick<MessageLog, "backlogOf" | "lastPosition">;
  readonly clock: Clock;
  /** The partition's inbox. */
  readonly inbox: string;
  /** The partition's time, ms since the epoch. */
  readonly now: () => number;
  /** Everything in the inbox up to there is decided. */
  readonly decidedUpTo: () => Position | undefined;
  /** Runs that were open when the partition was taken over. */
  readonly openRuns: () => Iterable<{ readonly runId: string }>;
  /** As it is decided so far. */
  readonly stateOf: (runId: string) => RunState | undefined;
  /** Resolves when the attempt is in its topic. */
  readonly publish: (effect: DispatchAttempt, now: number) => Promise<void>;
  /** Attempts of the type were in no queue any more and are in one again. */
  readonly onHandedOver: (jobType: string, attempts: number) => void;
}

/** An attempt that waits for a worker, as far as is known. */
interface Waiting {
  readonly runId: string;
  readonly jobId: string;
  readonly attempt: number;
  /** When it was in its topic for certain, ms since the epoch by the partition's time. */
  readonly since: number;
}

/** What seems to be nowhere: certain once everything is decided that was in the inbox when the queue was looked at. */
interface Suspicion {
  readonly attempts: readonly Waiting[];
  readonly inboxEnd: Position | undefined;
}

const checkEveryMs = 10_000;
/** Two clocks are compared: the log's own, and what this process takes it for. */
const clockSlackMs = 5_000;
const mostAtOnce = 1_000;
const inheritedAtOnce = 500;

/**
 * Finds attempts that wait for a worker and are in no queue any more, because somebody skipped a backlog, deleted a topic or let messages expire, and hands
 * them over again: the same attempt under the same idempotency key.
 *
 * An attempt is nowhere when its subscription is there and holds nothing, or nothing as old as it, and its result is not on its way here either: workers send a
 * result before they acknowledge, so it would be in the inbox by then. Work that only waits long is therefore never doubled.
 */
export class LostAttempts {
  readonly #o: LostAttemptsOptions;
  /** By job type, each by run and job, oldest first. */
  readonly #waiting = new Map<string, Map<string, Waiting>>();
  /** Never got into their topic. */
  readonly #left = new Map<string, Map<string, Waiting>>();
  readonly #suspicions = new Map<string, Suspicion>();
  /** Runs that were there before and are not gone through yet. */
  #inherited: string[] | undefined;
  #cancel: (() => void) | undefined;
  #isClosed = false;
  /** False when the log doesn't let us look. */
  canLook = true;

  constructor(options: LostAttemptsOptions) {
    this.#o = options;
    this.#arm();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  /** Attempts that wait and are known of. */
  get size(): number {
    let size = 0;
    for (const kind of [this.#waiting, this.#left])
      for (const attempts of kind.values()) size += attempts.size;
    return size;
  }

  /** It is in its topic. */
  handedOver(effect: DispatchAttempt): void {
    const { runId, jobId, attempt, jobType } = effect;
    this.#forget(jobType, runId, jobId);
    put(this.#waiting, jobType, { runId, jobId, attempt, since: this.#o.now() });
  }

  /** It could not be published, and nobody waits for that any longer. */
  left(effect: DispatchAttempt): void {
    const { runId, jobId, attempt, jobType } = effect;
    this.#forget(jobType, runId, jobId);
    put(this.#left, jobType, { runId, jobId, attempt, since: 0 });
  }

  /** Takes note of what is over. */
  accepted(record: DecisionRecord): void {
    if (this.#waiting.size === 0 && this.#left.size === 0) return;
    for (const { runId, events } of record.decisions) {
      for (const event of events) {
        if (!("jobId" in event) || event.jobId === undefined) continue;
        switch (event.type) {
          case "AttemptStarted":
          case "AttemptFailed":
          case "JobCompleted":
          case "JobRejected":
          case "JobFailed":
          case "JobCancelled":
          case "JobAbandoned":
          case "JobRetried":
            this.#forgetOfAnyType(runId, event.jobId);
        }
      }
    }
  }

  /** Once, now. */
  async check(): Promise<void> {
    this.#goThroughInherited();
    for (const [jobType, suspicion] of [...this.#suspicions]) {
      if (!this.#isDecided(suspicion.inboxEnd)) continue;
      this.#suspicions.delete(jobType);
      await this.#handOver(jobType, suspicion.attempts);
    }
    for (const [jobType, attempts] of [...this.#left]) {
      // One first: where the topic still takes nothing, the others needn't be tried. Another one each time, since it may be the attempt's own fault.
      const [first, ...others] = [...attempts].slice(0, mostAtOnce);
      if (first === undefined) continue;
      const [key, one] = first;
      if (!(await this.#handOver(jobType, [one]))) {
        if (attempts.delete(key)) attempts.set(key, one);
        continue;
      }
      await this.#handOver(
        jobType,
        others.map(([, other]) => other),
      );
    }
    for (const jobType of [...this.#waiting.keys()]) {
      if (this.#isClosed) return;
      if (!this.#suspicions.has(jobType)) await this.#look(jobType);
    }
  }

  /** Some with each check, since a run that nothing happens to has to be read first. */
  #goThroughInherited(): void {
    this.#inherited ??= Array.from(this.#o.openRuns(), ({ runId }) => runId);
    for (const runId of this.#inherited.splice(0, inheritedAtOnce)) {
      const state = this.#o.stateOf(runId);
      if (state?.status !== "running") continue;
      for (const effect of waitingAttempts(state))
        if (!this.#knows(effect.jobType, runId, effect.jobId)) this.handedOver(effect);
    }
  }

  async #look(jobType: string): Promise<void> {
    const [oldest] = this.#waiting.get(jobType)?.values() ?? [];
    const asked = this.#o.now();
    if (oldest === undefined || oldest.since + clockSlackMs >= asked) return;
    const backlog = await this.#o.log.backlogOf(topics.jobs(jobType), subscriptions.workers);
    // Nobody has subscribed yet, or not again: who does so gets what the topic holds, and what it doesn't hold is seen then.
    if (backlog === undefined) return;
    const held = backlog.messages === 0 ? asked : (backlog.oldest ?? 0);
    const attempts: Waiting[] = [];
    for (const [key, one] of this.#waiting.get(jobType) ?? []) {
      if (one.since + clockSlackMs >= held || attempts.length === mostAtOnce) break;
      if (this.#stillWaits(one) === undefined) this.#waiting.get(jobType)?.delete(key);
      else attempts.push(one);
    }
    if (attempts.length === 0) return;
    this.#suspicions.set(jobType, { attempts, inboxEnd: await this.#o.log.lastPosition(this.#o.inbox) });
  }

  /** @returns whether the topic takes them */
  async #handOver(jobType: string, attempts: readonly Waiting[]): Promise<boolean> {
    const effects = attempts.flatMap((one) => {
      const effect = this.#stillWaits(one);
      if (effect === undefined) this.#forget(jobType, one.runId, one.jobId);
      return effect === undefined ? [] : [effect];
    });
    const known = effects.filter(({ runId, jobId }) => this.#knows(jobType, runId, jobId));
    const published = await Promise.allSettled(
      known.map(async (effect) => {
        await this.#o.publish(effect, this.#o.now());
        if (!this.#isClosed && this.#knows(jobType, effect.runId, effect.jobId)) this.handedOver(effect);
      }),
    );
    const done = published.filter(({ status }) => status === "fulfilled").length;
    if (done > 0 && !this.#isClosed) this.#o.onHandedOver(jobType, done);
    return done === known.length;
  }

  #stillWaits({ runId, jobId, attempt }: Waiting): DispatchAttempt | undefined {
    const state = this.#o.stateOf(runId);
    return state?.status === "running" ? waitingAttempt(state, jobId, attempt) : undefined;
  }

  #isDecided(end: Position | undefined): boolean {
    if (end === undefined) return true;
    const decided = this.#o.decidedUpTo();
    return decided !== undefined && comparePositions(decided, end) >= 0;
  }

  #knows(jobType: string, runId: string, jobId: string): boolean {
    const key = keyOf(runId, jobId);
    return this.#waiting.get(jobType)?.has(key) === true || this.#left.get(jobType)?.has(key) === true;
  }

  #forget(jobType: string, runId: string, jobId: string): void {
    const key = keyOf(runId, jobId);
    for (const kind of [this.#waiting, this.#left]) {
      const attempts = kind.get(jobType);
      if (attempts?.delete(key) === true && attempts.size === 0) kind.delete(jobType);
    }
  }

  #forgetOfAnyType(runId: string, jobId: string): void {
    const key = keyOf(runId, jobId);
    for (const kind of [this.#waiting, this.#left])
      for (const [jobType, attempts] of kind)
        if (attempts.delete(key) && attempts.size === 0) kind.delete(jobType);
  }

  #arm(): void {
    if (this.#isClosed) return;
    // Spread, so that partitions and processes don't ask all at once.
    const wait = checkEveryMs * (0.75 + this.#o.clock.random() / 2);
    this.#cancel = this.#o.clock.setTimer(wait, () => {
      this.check()
        .then(
          () => {
            this.canLook = true;
          },
          (error: unknown) => {
            // Whatever else it is, the next check may go better.
            if (error instanceof LogError && error.code === "unauthorized") this.canLook = false;
          },
        )
        .finally(() => this.#arm());
    });
  }
}

function put(kind: Map<string, Map<string, Waiting>>, jobType: string, one: Waiting): void {
  const attempts = kind.get(jobType) ?? new Map<string, Waiting>();
  attempts.set(keyOf(one.runId, one.jobId), one);
  kind.set(jobType, attempts);
}

function keyOf(runId: string, jobId: string): string {
  return `${jobId} ${runId}`;
}
