import type { DatabaseSync, StatementSync } from "node:sqlite";
import { shownStatus, shownStatuses } from "../derive/shown-status.ts";
import { dropFinishedRows, emptyFold, foldStep } from "../fold/run-fold.ts";
import { stepsOf } from "../rows.ts";
import { termsOf } from "../terms.ts";
import type { Entry } from "./entry.ts";
import { RunNumbers } from "./run-numbers.ts";

/** The runs in memory: those that changed since the last flush, and the open ones that were touched lately. */
export class Entries {
  readonly #find: StatementSync;
  readonly #steps: StatementSync;
  readonly #openRows: StatementSync;
  readonly #max: number;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Map<string, Entry>();
  readonly #numbers: RunNumbers;

  constructor(db: DatabaseSync, max: number) {
    this.#max = max;
    this.#find = db.prepare("SELECT id, partition FROM runs WHERE run_id = ?");
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
        written: undefined,
      };
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
    this.#numbers.written();
    for (const runId of this.#entries.keys()) {
      if (this.#entries.size <= this.#max) return;
      this.#entries.delete(runId);
    }
  }

  #load(runId: string): Entry | undefined {
    const row = this.#find.get(runId);
    if (row === undefined) return undefined;
    const id = Number(row.id);
    const fold = emptyFold(runId, Number(row.partition));
    for (const row of this.#steps.all(id)) {
      for (const step of stepsOf(row)) foldStep(fold, step);
    }
    dropFinishedRows(fold);
    const rows = new Map(this.#openRows.all(id).map((open) => [String(open.row_id), undefined]));
    const written = {
      shown: shownStatuses.indexOf(shownStatus(fold)),
      workflow: fold.workflow,
      labels: fold.labels,
      terms: termsOf(runId, fold.labels),
      rows,
      actions: new Map(fold.actions),
    };
    return { id, fold, steps: [], written };
  }
}
