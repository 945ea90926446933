import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type AuditEntry, type AuditReading, readAuditEntry } from "@downbeat/protocol";
import { verbWords } from "./verbs.ts";

export interface AuditFilter {
  /** Id, or a part of id or name. */
  readonly who?: string | undefined;
  readonly verb?: readonly string[] | undefined;
  /** Id of what it was done to. */
  readonly on?: string | undefined;
  readonly outcome?: readonly AuditEntry["outcome"]["is"][] | undefined;
  /** Ms since the epoch; up to before `to`. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Anywhere in it. */
  readonly text?: string | undefined;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Where the next page begins; absent at the end. A page that is short of its limit may have one. */
  readonly next?: number;
}

/** Entries that one page looks through: a filter that fits little must not hold up the server. */
const mostLookedThrough = 100_000;
const trimEvery = 1_000;

/**
 * What the log holds of the audit, to be asked. A copy that is made again at each start: the file is nobody's truth, so it is written without care for a
 * crash.
 */
export class AuditStore {
  readonly #db: DatabaseSync;
  readonly #mostKept: number;
  #newer = 0;
  #unreadable = 0;
  #place = 0;
  #trimmed = 0;

  /**
   * @param path of a file that is this store's alone, or `:memory:`
   * @throws Error when it can't be used
   */
  constructor(path: string, mostKept = 1_000_000) {
    this.#mostKept = mostKept;
    if (path !== ":memory:") rmSync(path, { force: true });
    this.#db = new DatabaseSync(path);
    this.#db.exec(`
      PRAGMA journal_mode = OFF;
      PRAGMA synchronous = OFF;
      CREATE TABLE entries (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, who TEXT NOT NULL, verb TEXT NOT NULL,
        outcome TEXT NOT NULL, text TEXT NOT NULL, json TEXT NOT NULL) STRICT;
      CREATE TABLE acted_on (id TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (id, place)) STRICT, WITHOUT ROWID;
    `);
  }

  /** Grows with everything that is taken. */
  get revision(): number {
    return this.#place + this.#newer + this.#unreadable;
  }

  /** Written by newer versions. */
  get newer(): number {
    return this.#newer;
  }

  get unreadable(): number {
    return this.#unreadable;
  }

  /** Whether older ones are in the log alone. */
  get isTrimmed(): boolean {
    return this.#trimmed > 0;
  }

  /** In the order of the log. @throws Error when the disk takes no more */
  take(reading: AuditReading): void {
    if (reading.is === "newer") this.#newer += 1;
    else if (reading.is === "unreadable") this.#unreadable += 1;
    else this.#takeEntry(reading.entry);
  }

  #takeEntry(entry: AuditEntry): void {
    this.#place += 1;
    const { id, at, who, verb, on, outcome } = entry;
    const json = JSON.stringify(entry);
    const text = searchable(entry);
    const whose = `${who.name} <${who.id}>`.toLowerCase();
    // What came of it is told by a later one of the same id, which takes the place of the first.
    const { changes } = this.#db
      .prepare("UPDATE entries SET outcome = ?, text = ?, json = ? WHERE id = ?")
      .run(outcome.is, text, json, id);
    if (Number(changes) > 0) return;
    this.#db
      .prepare(
        "INSERT INTO entries (place, id, at, who, verb, outcome, text, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      )
      .run(this.#place, id, at, whose, verb, outcome.is, text, json);
    const insert = this.#db.prepare("INSERT OR IGNORE INTO acted_on (id, place) VALUES (?, ?)");
    for (const target of on) insert.run(target.id, this.#place);
    if (this.#place % trimEvery === 0) this.#trim();
  }

  /** Newest first, by their place in the log: the clocks of several servers may differ. */
  page(filter: AuditFilter, limit: number, before: number = this.#place + 1): AuditPage {
    const entries: AuditEntry[] = [];
    // Of what is acted on there is an index.
    const looked = filter.on === undefined ? mostLookedThrough : Number.POSITIVE_INFINITY;
    const lowest = Math.max(this.#trimmed, before - 1 - looked);
    let last = before;
    for (const { place, json } of this.#matching(filter, lowest, before)) {
      if (entries.length === limit) return { entries, next: last };
      last = Number(place);
      const reading = readAuditEntry(Buffer.from(String(json)));
      if (reading.is === "entry") entries.push(reading.entry);
    }
    return lowest > this.#trimmed ? { entries, next: lowest + 1 } : { entries };
  }

  close(): void {
    this.#db.close();
  }

  #matching(filter: AuditFilter, lowest: number, before: number) {
    const { who, verb, on, outcome, from, to, text } = filter;
    const parts = ["place > ?", "place < ?"];
    const values: (string | number)[] = [lowest, before];
    const add = (part: string, ...more: (string | number)[]): void => {
      parts.push(part);
      values.push(...more);
    };
    const marks = (many: readonly unknown[]) => many.map(() => "?").join(", ");
    if (on !== undefined) add("place IN (SELECT place FROM acted_on WHERE id = ?)", on);
    if (who !== undefined) add("instr(who, ?) > 0", who.toLowerCase());
    if (verb !== undefined) add(`verb IN (${marks(verb)})`, ...verb);
    if (outcome !== undefined) add(`outcome IN (${marks(outcome)})`, ...outcome);
    if (from !== undefined) add("at >= ?", from);
    if (to !== undefined) add("at < ?", to);
    if (text !== undefined) add("instr(text, ?) > 0", text.toLowerCase());
    return this.#db
      .prepare(`SELECT place, json FROM entries WHERE ${parts.join(" AND ")} ORDER BY place DESC`)
      .iterate(...values);
  }

  #trim(): void {
    const trimmed = this.#place - this.#mostKept;
    if (trimmed <= this.#trimmed) return;
    this.#db.prepare("DELETE FROM entries WHERE place <= ?").run(trimmed);
    this.#db.prepare("DELETE FROM acted_on WHERE place <= ?").run(trimmed);
    this.#trimmed = trimmed;
  }
}

function searchable({ who, from, verb, on, given = [], sql, why, outcome }: AuditEntry): string {
  const parts = [
    who.name,
    who.id,
    from?.address,
    from?.agent,
    verb,
    verbWords(verb),
    ...on.map(({ what, id }) => `${what} ${id}`),
    ...given.map(({ field, is }) => `${field} ${is}`),
    sql,
    why,
    outcome.why,
  ];
  return parts.join("\n").toLowerCase();
}
