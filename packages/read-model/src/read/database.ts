import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { RunEvent } from "@downbeat/domain";
import type { Step } from "../fold/run-fold.ts";
import type { Row } from "../rows.ts";
import { idBegins, idBeginsFunction } from "../terms.ts";
import { holdsContent, rowHolds, rowHoldsFunction } from "./content.ts";

/** A read-only connection that prepares each statement once. */
export class ReadDatabase {
  /** How much was looked through for what runs said, in characters, since it was opened. */
  lookedThrough = 0;
  /** What is searched of the events of a run, by its number; absent: all. */
  searched: ((run: number, events: readonly RunEvent[]) => readonly RunEvent[]) | undefined;
  /** Of which workflows nobody finds a run by the beginning of a label. */
  hidesLabels: (workflow: string) => boolean = () => false;
  readonly #path: string;
  #db: DatabaseSync;
  #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.#path = path;
    this.#db = this.#connect();
  }

  /** The file was replaced. */
  reopen(): void {
    this.close();
    this.#db = this.#connect();
    this.#statements = new Map();
  }

  close(): void {
    this.#db.close();
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  /** Rows one by one, for scans that end early. Not cached: two scans of one statement would disturb each other. */
  iterate(sql: string, ...values: SQLInputValue[]): IterableIterator<Row> {
    return this.#db.prepare(sql).iterate(...values);
  }

  /** Everything that is read in it is of one moment. */
  atOnce<T>(read: () => T): T {
    this.#db.exec("BEGIN");
    try {
      return read();
    } finally {
      this.#db.exec("COMMIT");
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #connect(): DatabaseSync {
    const db = new DatabaseSync(this.#path, { readOnly: true });
    db.exec("PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;");
    db.function(rowHoldsFunction, { deterministic: true }, (json, content, run) => {
      this.lookedThrough += String(json).length;
      return this.#holds(String(json), String(content), Number(run)) ? 1 : 0;
    });
    db.function(idBeginsFunction, { deterministic: true }, (runId, beginning) =>
      idBegins(String(runId), String(beginning)) ? 1 : 0,
    );
    return db;
  }

  #holds(json: string, content: string, run: number): boolean {
    if (!rowHolds(json, content)) return false;
    const { searched } = this;
    if (searched === undefined) return true;
    const steps = JSON.parse(json) as Step[];
    return holdsContent(
      steps.map((step) => ({ ...step, events: [...searched(run, step.events)] })),
      content,
    );
  }
}
