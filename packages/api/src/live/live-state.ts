import type { Flushed, ProjectionFeed, ReadModel } from "@downbeat/history";
import type { CauseMarks } from "../causes/cause-marks.ts";
import type { ShownStatus } from "../views.ts";
import type { WaitWatch } from "../waits/wait-watch.ts";

const mostFlushes = 2_000;
const mostRunIds = 100_000;

export interface Totals {
  readonly counts: Readonly<Record<ShownStatus, number>>;
  readonly attention: number;
}

interface Parts {
  readonly feed: ProjectionFeed;
  readonly readModel: ReadModel;
  readonly waits: Pick<WaitWatch, "known" | "runs">;
  readonly marks: Pick<CauseMarks, "known">;
  readonly now: () => number;
}

/** What is set aside changes by time, too; counting it costs more than a millisecond a thousand items, so it is not counted with each change. */
const asideKeptMs = 1_000;

/** What changed lately, kept for all followers together, so that a hundred open tabs cost little more than one. */
export class LiveState {
  readonly #parts: Parts;
  readonly #flushes: Flushed[] = [];
  #runIds = 0;
  #counts: { readonly change: number; readonly counts: Totals["counts"] } | undefined;

  #aside: { readonly of: readonly unknown[]; readonly at: number; readonly runs: number } | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { feed } = parts;
    feed.onFlushed((flushed) => this.#remember(flushed));
    feed.onRebuilt(() => {
      this.#aside = undefined;
      this.#flushes.length = 0;
      this.#runIds = 0;
      this.#counts = undefined;
    });
  }

  /** Runs that changed after the given change, newest first; `undefined` when that is too long ago to know. */
  changedSince(change: number): string[] | undefined {
    const now = this.#parts.feed.change;
    if (change > now) return undefined;
    if (change === now) return [];
    const first = this.#flushes[0];
    if (first === undefined || first.change > change + 1) return undefined;
    const changed = new Set<string>();
    for (let index = this.#flushes.length - 1; index >= 0; index--) {
      const flushed = this.#flushes[index];
      if (flushed === undefined || flushed.change <= change) break;
      for (const runId of flushed.runIds) changed.add(runId);
    }
    return [...changed];
  }

  totals(): Totals {
    const { feed, readModel, waits } = this.#parts;
    const { change } = feed;
    if (this.#counts?.change !== change) this.#counts = { change, counts: readModel.counts() };
    const { counts } = this.#counts;
    // What waits for a worker comes to need a person by time, without a change.
    return { counts, attention: Math.max(0, counts.stuck + waits.runs - this.#asideRuns()) };
  }

  /** Runs of which nobody need be told now. */
  #asideRuns(): number {
    const { readModel, waits, marks, now } = this.#parts;
    const known = marks.known;
    if (known.length === 0) return 0;
    const of = [known, waits.known];
    const at = now();
    const isCurrent =
      this.#aside !== undefined &&
      at - this.#aside.at < asideKeptMs &&
      of.every((part, index) => part === this.#aside?.of[index]);
    if (!isCurrent)
      this.#aside = { of, at, runs: readModel.attentionTotals(waits.known, known).setAside.runs };
    return this.#aside?.runs ?? 0;
  }

  #remember(flushed: Flushed): void {
    this.#flushes.push(flushed);
    this.#runIds += flushed.runIds.length;
    while (this.#flushes.length > mostFlushes || this.#runIds > mostRunIds) {
      this.#runIds -= this.#flushes.shift()?.runIds.length ?? 0;
    }
  }
}
