import { rowIdOf } from "../derive/event-row.ts";
import { sentenceOf } from "../derive/sentence.ts";
import { foldIfItFollows } from "../fold/followed-steps.ts";
import { emptyFold, foldStep, type RunFold, type Step } from "../fold/run-fold.ts";
import { jsonOf, numberOf, stepsOf, textOf } from "../rows.ts";
import type { AnswerSource, EventView } from "../views.ts";
import type { ReadDatabase } from "./database.ts";

/** One run, folded from all of its events, which are kept with it. */
export interface RunHistory {
  /** Its number in the tables; absent for a run that ended before they begin. */
  readonly id: number | undefined;
  readonly fold: RunFold;
  readonly steps: Step[];
  /** Number of the run's last event. */
  lastSeq: number;
  /** Of the run's input, once somebody has looked at it. */
  inputDigest?: string;
  /** Where its first events come from, when the cache does not hold them. */
  readonly origin?: AnswerSource;
}

/** Whether it has all of the run's events: steps leave some time after a run's end, looked at or not. */
export function isWhole({ steps, fold, lastSeq }: RunHistory): boolean {
  return steps[0]?.seq === 1 && fold.seq >= lastSeq;
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
    const known = this.#known(runId);
    // Looked at without some of its events, or not in the tables, it may have got there since.
    const found =
      known === undefined || !isWhole(known) || known.id === undefined ? this.#find(runId) : known;
    const history = found ?? (known?.id === undefined ? known : undefined);
    if (history === undefined) return undefined;
    if (known !== undefined && known !== history) this.#forget(runId, known);
    const before = history.fold.seq;
    this.#goOn(history);
    this.#histories.delete(runId);
    this.#histories.set(runId, history);
    this.#events += history.fold.seq - before;
    this.#evict(runId);
    return history;
  }

  /** Unless it was removed since. */
  #known(runId: string): RunHistory | undefined {
    const known = this.#histories.get(runId);
    if (known?.id === undefined || this.#db.get("SELECT 1 FROM runs WHERE id = ?", known.id) !== undefined)
      return known;
    this.#forget(runId, known);
    return undefined;
  }

  /** Folds what the cache has got of it since. */
  #goOn(history: RunHistory): void {
    if (history.id === undefined) return this.#goOnOrphaned(history);
    history.lastSeq = this.#lastSeqOf(history.id);
    const { fold, steps } = history;
    const rows = this.#db.all(
      "SELECT json FROM steps WHERE run = ? AND seq > ? ORDER BY seq",
      history.id,
      fold.seq,
    );
    for (const step of rows.flatMap(stepsOf)) {
      // What was between has left already.
      if (fold.seq > 0 && step.seq > fold.seq + 1) return;
      steps.push(step);
      foldStep(fold, step);
    }
  }

  #goOnOrphaned(history: RunHistory): void {
    const { fold, steps } = history;
    const rows = this.#db.all(
      "SELECT json FROM orphan_steps WHERE run_id = ? AND seq > ? ORDER BY seq",
      fold.runId,
      fold.seq,
    );
    for (const step of rows.map((row) => jsonOf<Step>(row))) {
      history.lastSeq = step.seq + step.events.length - 1;
      if (step.seq !== fold.seq + 1) continue;
      steps.push(step);
      foldStep(fold, step);
    }
  }

  /** Gives it all steps of a run that ended before the cache begins, or of which the cache has the rest only. Says whether that is all. */
  backfillEarlier(runId: string, partition: number, steps: readonly Step[], origin: AnswerSource): boolean {
    const [first] = steps;
    if (first?.seq !== 1) return false;
    const fold = emptyFold(runId, partition);
    const history: RunHistory = { id: undefined, fold, steps: [], lastSeq: 0, origin };
    for (const step of steps) if (!follow(history, step)) return false;
    history.lastSeq = fold.seq;
    const known = this.#histories.get(runId);
    if (known !== undefined) this.#forget(runId, known);
    this.#histories.set(runId, history);
    this.#events += fold.seq;
    return isWhole(this.get(runId) ?? history);
  }

  /** Gives it the first steps of a run that the cache does not hold. Says whether they are all that was missing. */
  backfillRun(runId: string, steps: readonly Step[], origin: AnswerSource): boolean {
    const found = this.#find(runId);
    if (found?.id === undefined) return false;
    const history = { ...found, origin };
    const next = this.#firstKept(found.id);
    for (const step of steps) {
      if (next !== undefined && step.seq >= next) break;
      if (!follow(history, step)) return false;
    }
    // Up to what is kept, or to the run's end.
    const last = next === undefined ? history.lastSeq : next - 1;
    if (history.fold.seq < last) return false;
    const known = this.#histories.get(runId);
    if (known !== undefined) this.#forget(runId, known);
    this.#histories.set(runId, history);
    this.#events += history.fold.seq;
    return true;
  }

  /** The cache was replaced: numbers of runs mean something else now. */
  clear(): void {
    this.#histories.clear();
    this.#events = 0;
  }

  #find(runId: string): RunHistory | undefined {
    const row = this.#db.get(
      "SELECT id, partition, workflow, started_at, seq FROM runs WHERE run_id = ?",
      runId,
    );
    if (row === undefined) return undefined;
    const fold = emptyFold(runId, numberOf(row, "partition"));
    // Its first event says so too, but may not be there.
    fold.workflow = textOf(row, "workflow");
    fold.startedAt = numberOf(row, "started_at");
    return { id: numberOf(row, "id"), fold, steps: [], lastSeq: numberOf(row, "seq") };
  }

  #firstKept(id: number): number | undefined {
    const row = this.#db.get("SELECT min(seq) AS seq FROM steps WHERE run = ?", id);
    return row === undefined || row.seq === null ? undefined : numberOf(row, "seq");
  }

  #lastSeqOf(id: number): number {
    const row = this.#db.get("SELECT seq FROM runs WHERE id = ?", id);
    return row === undefined ? 0 : numberOf(row, "seq");
  }

  #forget(runId: string, history: RunHistory): void {
    this.#histories.delete(runId);
    this.#events -= history.fold.seq;
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

/**
 * Folds a step that follows. One that can't sets the run aside until its repair and is left out, as in the projection: nobody has held what comes from
 * elsewhere to that rule.
 *
 * @returns `false` when steps before it are not there
 */
function follow({ fold, steps }: RunHistory, step: Step): boolean {
  if (fold.damaged === undefined && step.seq > fold.seq + 1) return false;
  if (foldIfItFollows(fold, step)) steps.push(step);
  return true;
}

export interface RunRecord {
  readonly workflow: string;
  readonly steps: readonly Step[];
  /** `false`: some of its events are not here. */
  readonly isWhole: boolean;
  /** Number of its last event. */
  readonly seq: number;
}

export function recordOf(history: RunHistory): RunRecord {
  const { fold, steps, lastSeq } = history;
  return { workflow: fold.workflow, steps, isWhole: isWhole(history), seq: Math.max(fold.seq, lastSeq) };
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
      const { text, times } = sentenceOf(event, at, rows);
      events.push({
        seq,
        at,
        inputId,
        event,
        sentence: text,
        ...(times.length > 0 && { sentenceTimes: times }),
        ...(rowId !== undefined && { rowId }),
      });
    }
  }
  return { events, total: types === undefined ? last : matching };
}
