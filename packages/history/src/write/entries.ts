import type { DatabaseSync, StatementSync } from "node:sqlite";
import { shownStatus, shownStatuses } from "../derive/shown-status.ts";
import { dropFinishedRows, emptyFold, foldStep } from "../fold/run-fold.ts";
import { stepOf } from "../rows.ts";
import type { Entry } from "./entry.ts";

/** The runs in memory: those that changed since the last flush, and the open ones that were touched lately. */
export class Entries {
  readonly #find: StatementSync;
  readonly #steps: StatementSync;
  readonly #openRows: StatementSync;
  readonly #max: number;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Map<string, Entry>();
  #lastId: number;

  constructor(db: DatabaseSync, max: number) {
    this.#max = max;
    this.#find = db.prepare("SELECT id, partition FROM runs WHERE run_id = ?");
    this.#steps = db.prepare("SELECT seq, at, input_id, json FROM events WHERE run = ? ORDER BY seq");
    this.#openRows = db.prepare("SELECT row_id FROM open_rows WHERE run = ?");
    this.#lastId = Number(db.prepare("SELECT max(id) AS id FROM runs").get()?.id ?? 0);
  }

  get changed(): ReadonlyMap<string, Entry> {
    return this.#changed;
  }

  /** The entry to change. Made when there is none. */
  change(runId: string, partition: number, isNew: boolean): Entry {
    const entry = this.#entries.get(runId) ??
      (isNew ? undefined : this.#load(runId)) ?? {
        id: ++this.#lastId,
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
    for (const stored of this.#steps.all(id)) foldStep(fold, stepOf(stored));
    dropFinishedRows(fold);
    const rows = new Map(this.#openRows.all(id).map((open) => [String(open.row_id), undefined]));
    const written = {
      shown: shownStatuses.indexOf(shownStatus(fold)),
      workflow: fold.workflow,
      labels: fold.labels,
      rows,
      actions: new Map(fold.actions),
    };
    return { id, fold, steps: [], written };
  }
}
