import type { Flushed, ProjectionFeed, ReadModel } from "@downbeat/read-model";
import type { CauseMarks } from "../causes/cause-marks.ts";
import { keptTimesTook } from "../causes/shared-causes.ts";
import type { CauseMark, ShownStatus } from "../views.ts";
import type { WaitWatch } from "../waits/wait-watch.ts";

const mostFlushes = 2_000;
const mostRunIds = 100_000;

export interface Totals {
  readonly counts: Readonly<Record<ShownStatus, number>>;
  /** Runs that need a person, and of these the ones of which nobody need be told now: both of one moment. */
  readonly attention: number;
  readonly attentionSetAside: number;
}

interface Parts {
  readonly feed: ProjectionFeed;
  readonly readModel: ReadModel;
  readonly waits: Pick<WaitWatch, "known" | "runs">;
  readonly marks: Pick<CauseMarks, "known">;
  readonly now: () => number;
}

interface CountedAside extends Pick<Totals, "attention" | "attentionSetAside"> {
  readonly marks: readonly CauseMark[];
  readonly at: number;
  readonly keptMs: number;
}

/** What changed lately, kept for all followers together, so that a hundred open tabs cost little more than one. */
export class LiveState {
  readonly #parts: Parts;
  readonly #flushes: Flushed[] = [];
  #runIds = 0;
  #counts: { readonly change: number; readonly counts: Totals["counts"] } | undefined;

  #aside: CountedAside | undefined;

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
    const waiting = waits.runs;
    const marks = this.#parts.marks.known;
    if (marks.length === 0) return { counts, attention: counts.stuck + waiting, attentionSetAside: 0 };
    const aside = this.#countedAside(waiting, marks);
    return { counts, attention: aside.attention, attentionSetAside: aside.attentionSetAside };
  }

  /** What is set aside changes by time, too, and costs as much as falls under it: it is not counted with each change, and says what it is a part of. */
  #countedAside(waiting: number, marks: readonly CauseMark[]): CountedAside {
    const { readModel, waits, now } = this.#parts;
    const at = now();
    const known = this.#aside;
    if (known?.marks === marks && at >= known.at && at - known.at < known.keptMs) return known;
    const { stuck, setAside, ...counted } = readModel.setAsideRuns(waits.known, marks);
    const attention = stuck + (counted.waiting ?? waiting);
    const attentionSetAside = Math.min(attention, setAside);
    this.#aside = { marks, at, keptMs: (now() - at) * keptTimesTook, attention, attentionSetAside };
    return this.#aside;
  }

  #remember(flushed: Flushed): void {
    this.#flushes.push(flushed);
    this.#runIds += flushed.runIds.length;
    while (this.#flushes.length > mostFlushes || this.#runIds > mostRunIds) {
      this.#runIds -= this.#flushes.shift()?.runIds.length ?? 0;
    }
  }
}
