import type { DatabaseSync, StatementSync } from "node:sqlite";
import { rowChecksum } from "./checksum.ts";
import { type SummedTable, summedTables } from "./schema.ts";

interface Change {
  size: number;
  sum: number;
}

/**
 * A checksum says that its row is what was stored, and nothing of a row that is gone. So each table has a row in `sums`, written in the same transaction.
 *
 * Triggers of this connection note what changes in the log's own tables, so that nobody who writes there can forget it; another program's writing is not
 * noted. Whoever writes messages says how many: a trigger would cost each of them something.
 */
export class Sums {
  readonly #database: DatabaseSync;
  readonly #noted = new Map<string, Change>();
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #change: StatementSync;

  /** @param database that has the function `row_checksum` */
  constructor(database: DatabaseSync) {
    this.#database = database;
    // A row that is replaced is deleted too.
    database.exec("PRAGMA temp_store = MEMORY; PRAGMA recursive_triggers = ON");
    database.function("note_row", (table, size, sum) => {
      this.note(String(table), Number(size), Number(sum));
      return null;
    });
    database.exec(summedTables.map(triggers).join(""));
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    const changed = { size: "size + ?2", sum: `(sum + ?3) & ${bits}` };
    this.#change = database.prepare(
      `UPDATE sums SET size = ${changed.size}, sum = ${changed.sum}, checksum = ${rowChecksum("sums", changed)} WHERE name = ?1`,
    );
  }

  /** @param size how many rows more the table has */
  note(table: string, size: number, sum = 0): void {
    const change = this.#noted.get(table);
    if (change === undefined) {
      this.#noted.set(table, { size, sum });
      return;
    }
    change.size += size;
    // Of the sum only these bits are kept.
    change.sum = (change.sum + sum) | 0;
  }

  /** One transaction: all of it and what it does to the sums, or nothing. */
  transact(write: () => void): void {
    this.#begin.run();
    try {
      write();
      for (const [table, { size, sum }] of this.#noted) {
        if (size === 0 && sum === 0) continue;
        const { changes } = this.#change.run(table, size, sum);
        if (changes !== 1) throw new Error(`The table ${table} of the log has no sum`);
      }
      this.#noted.clear();
      this.#commit.run();
    } catch (error) {
      this.#noted.clear();
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Takes what the table holds now for what it should, within a transaction. */
  refill(table: SummedTable): void {
    this.#noted.delete(table);
    fillSum(this.#database, table);
  }
}

const bits = 0xffffffff;

function triggers(table: SummedTable): string {
  const trigger = (verb: string, size: number, sum: string) =>
    `CREATE TEMP TRIGGER note_${verb}_${table} AFTER ${verb} ON main.${table} BEGIN SELECT note_row('${table}', ${size}, ${sum}); END;`;
  const [before, after] = ["ifnull(old.checksum, 0)", "ifnull(new.checksum, 0)"];
  return [
    trigger("INSERT", 1, after),
    trigger("UPDATE", 0, `${after} - ${before}`),
    trigger("DELETE", -1, `-${before}`),
  ].join("");
}

/** @param rows of a table of the log's own, by their checksums */
export function sumOf(rows: readonly { readonly checksum?: unknown }[]): number {
  return rows.reduce((sum, { checksum }) => (sum + Number(checksum ?? 0)) | 0, 0) >>> 0;
}

/** Of one of the log's own tables, as it is now. */
export function fillSum(database: DatabaseSync, table: SummedTable): void {
  const row = database
    .prepare(`SELECT count(*) AS size, ifnull(sum(checksum), 0) AS sum FROM ${table}`)
    .get();
  putSum(database, table, Number(row?.size), Number(row?.sum));
}

/** Of a table of messages, whose number is enough: the place of each is in its checksum. */
export function putSum(database: DatabaseSync, table: string, size: number, sum = 0): void {
  const values = { name: "?1", size: "?2", sum: `?3 & ${bits}` };
  database
    .prepare(
      `INSERT OR REPLACE INTO sums (name, size, sum, checksum) VALUES (?1, ?2, ${values.sum}, ${rowChecksum("sums", values)})`,
    )
    .run(table, size, sum);
}
