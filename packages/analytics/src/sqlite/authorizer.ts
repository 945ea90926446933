import { constants } from "node:sqlite";
import { peopleTables } from "./people-tables.ts";

const { SQLITE_OK, SQLITE_DENY, SQLITE_SELECT, SQLITE_READ, SQLITE_FUNCTION, SQLITE_RECURSIVE } = constants;

/**
 * What the views are made of. A view's own reads can't be told from a person's (SQLite merges views into the query), and need not be: it is the same
 * history. Kept out are SQLite's catalogues and pragmas.
 */
const innerTables = [
  "runs",
  "run_details",
  "labels",
  "steps",
  "open_rows",
  "actions",
  "refusals",
  "run_figures",
  "job_figures",
  "error_figures",
  "quarantine",
];
const readable = new Set([...innerTables, ...peopleTables.map(({ name }) => name), "json_each", "json_tree"]);

/** Lets statements that read history pass, and nothing else: no write, no ATTACH, no PRAGMA, no other file. */
export class Authorizer {
  readonly #hidden: ReadonlySet<string>;
  /** What was refused last. */
  refused: { readonly type: "table"; readonly name: string } | { readonly type: "write" } | undefined;

  /** @param tables all that the file has */
  constructor(tables: readonly string[]) {
    this.#hidden = new Set(tables.filter((table) => !readable.has(table)));
  }

  readonly authorize = (code: number, first: string | null, second: string | null): number => {
    switch (code) {
      case SQLITE_SELECT:
      case SQLITE_RECURSIVE:
        return SQLITE_OK;
      case SQLITE_READ:
        if (first !== null && this.#mayRead(first.toLowerCase(), second)) return SQLITE_OK;
        this.refused = { type: "table", name: first ?? "" };
        return SQLITE_DENY;
      case SQLITE_FUNCTION:
        if (second?.toLowerCase() !== "load_extension") return SQLITE_OK;
        this.refused = { type: "write" };
        return SQLITE_DENY;
      default:
        this.refused = { type: "write" };
        return SQLITE_DENY;
    }
  };

  /** A part of the query that has a name (WITH n AS …) is read without naming a column, when none of it is needed. */
  #mayRead(table: string, column: string | null): boolean {
    if (readable.has(table)) return true;
    return column === "" && !this.#hidden.has(table) && !/^(sqlite|pragma)_/.test(table);
  }
}
