import type { Flushed, ProjectionFeed, ReadModel } from "@downbeat/history";
import type { ShownStatus } from "../views.ts";

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
  readonly #flushes: Flushed[] = [];
  #runIds = 0;
  #totals: { readonly change: number; readonly totals: Totals } | undefined;

  constructor(feed: ProjectionFeed, readModel: ReadModel) {
    this.#feed = feed;
    this.#readModel = readModel;
    feed.onFlushed((flushed) => this.#remember(flushed));
    feed.onRebuilt(() => {
      this.#flushes.length = 0;
      this.#runIds = 0;
      this.#totals = undefined;
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
    if (this.#totals?.change !== change) {
      const totals = { counts: this.#readModel.counts(), attention: this.#readModel.attentionCount() };
      this.#totals = { change, totals };
    }
    return this.#totals.totals;
  }

  #remember(flushed: Flushed): void {
    this.#flushes.push(flushed);
    this.#runIds += flushed.runIds.length;
    while (this.#flushes.length > mostFlushes || this.#runIds > mostRunIds) {
      this.#runIds -= this.#flushes.shift()?.runIds.length ?? 0;
    }
  }
}
