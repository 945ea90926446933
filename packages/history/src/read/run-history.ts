import { rowIdOf } from "../derive/event-row.ts";
import { sentenceOf } from "../derive/sentence.ts";
import { emptyFold, foldStep, type RunFold, type Step } from "../fold/run-fold.ts";
import { numberOf, stepsOf } from "../rows.ts";
import type { EventView } from "../views.ts";
import type { ReadDatabase } from "./database.ts";

/** One run, folded from all of its events, which are kept with it. */
export interface RunHistory {
  readonly id: number;
  readonly fold: RunFold;
  readonly steps: Step[];
}

const mostEvents = 200_000;
const mostRuns = 200;

/** The runs that were looked at lately: a page that follows a run asks again and again, and only the new events are folded. */
export class RunHistories {
  readonly #db: ReadDatabase;
  readonly #histories = new Map<string, RunHistory>();
  #events = 0;

  constructor(db: ReadDatabase) {
    this.#db = db;
  }

  get(runId: string): RunHistory | undefined {
    const known = this.#histories.get(runId);
    const history = known ?? this.#find(runId);
    if (history === undefined) return undefined;
    const before = history.fold.seq;
    for (const row of this.#db.all(
      "SELECT json FROM steps WHERE run = ? AND seq > ? ORDER BY seq",
      history.id,
      before,
    )) {
      for (const step of stepsOf(row)) {
        history.steps.push(step);
        foldStep(history.fold, step);
      }
    }
    this.#histories.delete(runId);
    this.#histories.set(runId, history);
    this.#events += history.fold.seq - before;
    this.#evict(runId);
    return history;
  }

  /** The cache was replaced: numbers of runs mean something else now. */
  clear(): void {
    this.#histories.clear();
    this.#events = 0;
  }

  #find(runId: string): RunHistory | undefined {
    const row = this.#db.get("SELECT id, partition FROM runs WHERE run_id = ?", runId);
    if (row === undefined) return undefined;
    return { id: numberOf(row, "id"), fold: emptyFold(runId, numberOf(row, "partition")), steps: [] };
  }

  #evict(keep: string): void {
    for (const [runId, history] of this.#histories) {
      if (this.#histories.size <= mostRuns && this.#events <= mostEvents) return;
      if (runId === keep) return;
      this.#histories.delete(runId);
      this.#events -= history.fold.seq;
    }
  }
}

export interface EventRange {
  readonly afterSeq: number;
  readonly limit: number;
  readonly types?: readonly string[] | undefined;
}

export function eventsOf(history: RunHistory, range: EventRange): { events: EventView[]; total: number } {
  const types = range.types === undefined || range.types.length === 0 ? undefined : new Set(range.types);
  const { rows, seq: last } = history.fold;
  const events: EventView[] = [];
  let matching = 0;
  for (const { seq: first, at, inputId, events: stepEvents } of history.steps) {
    // All types: the total is known, so nothing before the page need be looked at, and nothing after it.
    if (types === undefined && first + stepEvents.length - 1 <= range.afterSeq) continue;
    if (types === undefined && events.length >= range.limit) break;
    for (const [index, event] of stepEvents.entries()) {
      if (types !== undefined && !types.has(event.type)) continue;
      matching++;
      const seq = first + index;
      if (seq <= range.afterSeq || events.length >= range.limit) continue;
      const rowId = rowIdOf(event, rows);
      events.push({
        seq,
        at,
        inputId,
        event,
        sentence: sentenceOf(event, at, rows),
        ...(rowId !== undefined && { rowId }),
      });
    }
  }
  return { events, total: types === undefined ? last : matching };
}
