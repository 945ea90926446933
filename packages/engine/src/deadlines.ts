import { type AnyRunCommand, deadlines } from "@downbeat/domain";
import type { Clock } from "./clock.ts";
import { DeadlineQueue } from "./deadline-queue.ts";
import type { Decider } from "./decider.ts";
import { earliestDeadline } from "./memory-state-store.ts";
import type { Tuning } from "./tuning.ts";

export interface DeadlinesOptions {
  readonly decider: Decider;
  readonly clock: Clock;
  readonly tuning: Tuning;
  readonly isOwning: () => boolean;
  /** The partition's time. */
  readonly now: () => number;
  /** These deadlines have passed. */
  readonly onDue: (commands: readonly AnyRunCommand[]) => void;
}

/** Sees to it that what time does to a run is done, with or without a wake-up from the log. */
export class Deadlines {
  readonly #o: DeadlinesOptions;
  readonly #queue = new DeadlineQueue();
  #cancel: (() => void) | undefined;
  #armedFor: number | undefined;

  constructor(options: DeadlinesOptions) {
    this.#o = options;
  }

  set(runId: string, dueAt: number | undefined): void {
    this.#queue.set(runId, dueAt);
  }

  /** Something was decided about these runs. */
  changed(runIds: readonly string[]): void {
    for (const runId of new Set(runIds)) {
      const entry = this.#o.decider.entry(runId);
      this.#queue.set(runId, entry === undefined ? undefined : earliestDeadline(entry));
    }
    this.arm();
  }

  arm(): void {
    if (!this.#o.isOwning()) return;
    const { earliest } = this.#queue;
    if (earliest === this.#armedFor) return;
    this.#cancel?.();
    this.#armedFor = earliest;
    if (earliest === undefined) return;
    const wait = Math.max(1, earliest - this.#o.now());
    this.#cancel = this.#o.clock.setTimer(Math.min(wait, longestWaitMs), () => {
      this.#armedFor = undefined;
      this.#sweep();
    });
  }

  close(): void {
    this.#cancel?.();
  }

  #sweep(): void {
    // Rule 21: whether or not a wake-up came: it may be lost.
    const { decider, isOwning, now: time, onDue, tuning } = this.#o;
    if (!isOwning()) return;
    const now = time();
    const commands: AnyRunCommand[] = [];
    for (const runId of this.#queue.takeDue(now, tuning.maxBatch)) {
      const entry = decider.entry(runId);
      if (entry?.state.status !== "running") continue;
      for (const { command } of deadlines(entry.state, now)) commands.push(command);
      // Set again at once; what the commands change is set once they are decided.
      this.#queue.set(runId, later(earliestDeadline(entry), now));
    }
    if (commands.length > 0) onDue(commands);
    this.arm();
  }
}

const longestWaitMs = 60_000;

function later(dueAt: number | undefined, now: number): number | undefined {
  return dueAt === undefined ? undefined : Math.max(dueAt, now + 1_000);
}
