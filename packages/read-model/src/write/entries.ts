import type { DatabaseSync, StatementSync } from "node:sqlite";
import { shownStatus, shownStatuses } from "../derive/shown-status.ts";
import { dropFinishedRows, emptyFold, foldStep, type RunFold, type Step } from "../fold/run-fold.ts";
import { jsonOf, numberOf, type Row, type RunDetails, stepsOf } from "../rows.ts";
import { termsOf } from "../terms.ts";
import type { Entry } from "./entry.ts";
import type { OwedRows } from "./owed-rows.ts";
import { RetiredRuns } from "./retired-run.ts";
import { RunNumbers } from "./run-numbers.ts";

/** The runs in memory: those that changed since the last flush, and the open ones that were touched lately. */
export class Entries {
  readonly #find: StatementSync;
  readonly #steps: StatementSync;
  readonly #openRows: StatementSync;
  readonly #retired: RetiredRuns;
  readonly #owed: OwedRows;
  readonly #max: number;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Map<string, Entry>();
  /** Not in the tables any more once everything is written. */
  readonly #gone = new Set<string>();
  readonly #numbers: RunNumbers;

  constructor(db: DatabaseSync, max: number, owed: OwedRows) {
    this.#max = max;
    this.#owed = owed;
    this.#find = db.prepare(`
      SELECT r.id, r.partition, d.json, d.first_published, d.last_published
      FROM runs r JOIN run_details d ON d.id = r.id WHERE r.run_id = ?`);
    this.#retired = new RetiredRuns(db);
    this.#steps = db.prepare("SELECT json FROM steps WHERE run = ? ORDER BY seq");
    this.#openRows = db.prepare("SELECT row_id FROM open_rows WHERE run = ?");
    this.#numbers = new RunNumbers(db);
  }

  get changed(): ReadonlyMap<string, Entry> {
    return this.#changed;
  }

  /** The entry to change. Made when there is none. */
  change(runId: string, partition: number, at: number, isNew: boolean): Entry {
    const entry = this.#entries.get(runId) ??
      (isNew ? undefined : this.#load(runId)) ?? {
        id: this.#numbers.next(at),
        fold: emptyFold(runId, partition),
        steps: [],
        published: undefined,
        retired: false,
        written: undefined,
      };
    return this.#use(runId, entry);
  }

  /** The entry to change; `undefined` when there is no such run. */
  changeKnown(runId: string): Entry | undefined {
    const entry = this.#entries.get(runId) ?? this.#load(runId);
    return entry === undefined ? undefined : this.#use(runId, entry);
  }

  /** As it is now; nothing is to be changed. */
  known(runId: string): Entry | undefined {
    return this.#entries.get(runId) ?? this.#load(runId);
  }

  /** There is no such run any more; what the tables say of it goes with the next flush. */
  forget(runId: string): void {
    this.#entries.delete(runId);
    this.#changed.delete(runId);
    this.#gone.add(runId);
  }

  has(runId: string): boolean {
    return this.#entries.has(runId) || (!this.#gone.has(runId) && this.#find.get(runId) !== undefined);
  }

  #use(runId: string, entry: Entry): Entry {
    this.#entries.delete(runId);
    this.#entries.set(runId, entry);
    this.#changed.set(runId, entry);
    return entry;
  }

  /** Everything is written: what is over leaves memory, and of the rest what was not used for longest. */
  settle(): void {
    for (const [runId, entry] of this.#changed) {
      if (entry.fold.status !== "running") this.#entries.delete(runId);
    }
    this.#changed.clear();
    this.#gone.clear();
    this.#numbers.written();
    for (const runId of this.#entries.keys()) {
      if (this.#entries.size <= this.#max) return;
      this.#entries.delete(runId);
    }
  }

  #load(runId: string): Entry | undefined {
    const row = this.#gone.has(runId) ? undefined : this.#find.get(runId);
    if (row === undefined) return undefined;
    const id = numberOf(row, "id");
    const steps = this.#steps.all(id).flatMap(stepsOf);
    const isRetired = steps[0]?.seq !== 1;
    const fold = (isRetired ? this.#retired.restore(id) : undefined) ?? foldOf(runId, row, steps);
    fold.damaged = jsonOf<RunDetails>(row).damaged;
    const rows = new Map(this.#openRows.all(id).map((open) => [String(open.row_id), undefined]));
    const written = {
      shown: shownStatuses.indexOf(shownStatus(fold)),
      workflow: fold.workflow,
      labels: fold.labels,
      terms: termsOf(runId, fold.labels),
      rows,
      actions: new Map(fold.actions),
      owed: this.#owed.of(id),
    };
    const published = { first: numberOf(row, "first_published"), last: numberOf(row, "last_published") };
    return { id, fold, steps: [], published, retired: isRetired, written };
  }
}

function foldOf(runId: string, row: Row, steps: readonly Step[]): RunFold {
  const fold = emptyFold(runId, numberOf(row, "partition"));
  for (const step of steps) foldStep(fold, step);
  dropFinishedRows(fold);
  return fold;
}
