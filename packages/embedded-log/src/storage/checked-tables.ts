import type { DatabaseSync } from "node:sqlite";
import { EmbeddedLogOpenError } from "../open-error.ts";
import { rowChecksum } from "./checksum.ts";
import { damaged } from "./open-database.ts";
import {
  messageTable,
  named,
  type SummedTable,
  summedTables,
  summedVersion,
  type Table,
  tables,
} from "./schema.ts";
import { sumOf } from "./sums.ts";

/** An acknowledgement that is lost, or the number of a producer, only makes a message come once more. */
export const spareTables = ["acked", "producers"] as const satisfies readonly SummedTable[];

export type Row = Readonly<Record<string, unknown>>;

interface Sum {
  readonly size: number;
  readonly sum: number;
}

/** What is left of a table that may lose rows. */
export interface Leftover {
  readonly rows: readonly Row[];
  /** What is to go, and be expected no more, so that it is said once. */
  readonly drop: "nothing" | "unfit" | "all";
}

/** Reads the log's own tables, and compares each row with its checksum, and each table with its sum. */
export class CheckedTables {
  /** A sentence each of what could be left out. */
  readonly damage: string[] = [];
  readonly #database: DatabaseSync;
  readonly #file: string;
  /** `undefined`: the file is from before them. */
  readonly #sums: ReadonlyMap<string, Sum> | undefined;

  /** @throws EmbeddedLogOpenError as all of these, when a row without which the log can't be read is not what was stored */
  constructor(database: DatabaseSync, file: string) {
    this.#database = database;
    this.#file = file;
    const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
    const found = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'sums'").get();
    if (version < summedVersion && found?.n !== 0)
      throw this.#refusal(`it has sums, and says that it is of format ${version}`);
    if (version < summedVersion) return;
    const rows = this.#fitting("sums");
    this.#sums = new Map(
      rows.map(({ name, size, sum }) => [String(name), { size: Number(size), sum: Number(sum) }]),
    );
  }

  /** Ordered by the primary key. */
  needed(table: SummedTable): readonly Row[] {
    const rows = this.#fitting(table);
    const should = this.#sumOf(table);
    if (should === undefined) return rows;
    if (rows.length < should.size) throw this.#refusal(`a row of its table ${table} is missing`);
    if (rows.length > should.size) throw this.#refusal(`a row was added to its table ${table}`);
    if (sumOf(rows) !== should.sum)
      throw this.#refusal(`the rows of its table ${table} are not those that were stored`);
    return rows;
  }

  /**
   * A row too many could make a message not come at all: where it can't be told from the others, all are left out.
   *
   * @param table one that may lose rows
   */
  spare(table: (typeof spareTables)[number]): Leftover {
    const found = this.#rows(table);
    const rows = found.filter(({ fits }) => fits === 1);
    const unfit = found.length - rows.length;
    const should = this.#sumOf(table) ?? { size: rows.length, sum: sumOf(rows) };
    const missing = should.size - rows.length;
    if (missing < 0 || (missing === 0 && sumOf(rows) !== should.sum)) {
      this.#lost(table, "The rows of", 2, "not those that were stored, and all left out");
      return { rows: [], drop: "all" };
    }
    const gone = missing - unfit;
    if (unfit > 0) this.#lost(table, `${unfit} of`, unfit, "not what was stored and left out");
    if (gone > 0) this.#lost(table, `${gone} of`, gone, "missing");
    return { rows, drop: missing > 0 || unfit > 0 ? "unfit" : "nothing" };
  }

  /**
   * Messages that came to topics or went from them without the log.
   *
   * @param counting whether to look at all of them
   */
  messages(topics: readonly Row[], counting: boolean): void {
    for (const topic of topics) this.#messagesOf(topic, counting);
    if (this.#sums !== undefined && this.#sums.size > summedTables.length + topics.length)
      throw this.#refusal("a row was added to its table sums");
  }

  #messagesOf(topic: Row, counting: boolean): void {
    const table = messageTable(Number(topic.id));
    const { last } = this.#database.prepare(`SELECT max(entry) AS last FROM ${table}`).get() ?? {};
    if (Number(last ?? -1) > Number(topic.last_entry))
      throw this.#refusal(`a row was added to its table ${table}`);
    const should = this.#sumOf(table)?.size;
    if (should === undefined || !counting) return;
    const found = Number(this.#database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    // Where nothing is deleted, each that is missing is said by itself.
    if (found === should || (found < should && topic.whole === 1)) return;
    const difference = Math.abs(found - should);
    const many = difference === 1 ? "1 message" : `${difference} messages`;
    const changed = found < should ? "deleted from" : "added to";
    this.damage.push(
      `${many} of ${topic.name} ${difference === 1 ? "was" : "were"} ${changed} the log file ${this.#file} by something else than Downbeat, or its disk fails.`,
    );
  }

  #lost(table: string, which: string, count: number, what: string): void {
    this.damage.push(
      `${which} the table ${table} of the log file ${this.#file} ${count === 1 ? "is" : "are"} ${what}: ${count === 1 ? "a message" : "messages"} may come once more.`,
    );
  }

  #fitting(table: Table): Row[] {
    const found = this.#rows(table);
    if (found.every(({ fits }) => fits === 1)) return found;
    throw this.#refusal(`a row of its table ${table} is not what was stored`);
  }

  #sumOf(table: string): Sum | undefined {
    const sum = this.#sums?.get(table);
    if (sum === undefined && this.#sums !== undefined)
      throw this.#refusal(`the row of ${table} in its table sums is missing`);
    return sum;
  }

  #rows(table: Table): Row[] {
    const columns = named(tables[table]);
    return this.#database
      .prepare(
        `SELECT ${columns}, checksum AS checksum, checksum IS ${rowChecksum(table)} AS fits FROM ${table} ORDER BY ${tables[table][0]}, ${tables[table][1]}`,
      )
      .all();
  }

  #refusal(what: string): EmbeddedLogOpenError {
    return new EmbeddedLogOpenError(damaged(this.#file, what));
  }
}
