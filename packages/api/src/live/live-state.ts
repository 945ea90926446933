import type { Flushed, ProjectionFeed, ReadModel } from "@downbeat/history";
import type { ShownStatus } from "../views.ts";
import type { WaitWatch } from "../waits/wait-watch.ts";

const mostFlushes = 2_000;
const mostRunIds = 100_000;

export interface Totals {
  readonly counts: Readonly<Record<ShownStatus, number>>;
  readonly attention: number;
}

/** What changed lately, kept for all followers together, so that a hundred open tabs cost little more than one. */
export class LiveState {
  readonly #feed: ProjectionFeed;
  readonly #readModel: ReadModel;
  readonly #waits: Pick<WaitWatch, "runs">;
  readonly #flushes: Flushed[] = [];
  #runIds = 0;
  #counts: { readonly change: number; readonly counts: Totals["counts"] } | undefined;

  constructor(feed: ProjectionFeed, readModel: ReadModel, waits: Pick<WaitWatch, "runs">) {
    this.#feed = feed;
    this.#readModel = readModel;
    this.#waits = waits;
    feed.onFlushed((flushed) => this.#remember(flushed));
    feed.onRebuilt(() => {
      this.#flushes.length = 0;
      this.#runIds = 0;
      this.#counts = undefined;
    });
  }

  /** Runs that changed after the given change, newest first; `undefined` when that is too long ago to know. */
  changedSince(change: number): string[] | undefined {
    const now = this.#feed.change;
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
    const { change } = this.#feed;
    if (this.#counts?.change !== change) this.#counts = { change, counts: this.#readModel.counts() };
    const { counts } = this.#counts;
    // What waits for a worker comes to need a person by time, without a change.
    return { counts, attention: counts.stuck + this.#waits.runs };
  }

  #remember(flushed: Flushed): void {
    this.#flushes.push(flushed);
    this.#runIds += flushed.runIds.length;
    while (this.#flushes.length > mostFlushes || this.#runIds > mostRunIds) {
      this.#runIds -= this.#flushes.shift()?.runIds.length ?? 0;
    }
  }
}
