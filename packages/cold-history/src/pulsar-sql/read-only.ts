import { ColdError } from "../port/cold-error.ts";

/** A statement that was looked at: it only reads. */
export interface ReadOnly {
  /** Without the semicolon at its end; lines and columns are as they were. */
  readonly text: string;
  /** Where in it that begins which EXPLAIN can be asked about: 0 but for an EXPLAIN. */
  readonly innerAt: number;
}

const queries = ["SELECT", "WITH", "VALUES", "TABLE", "("];
const shown = ["TABLES", "COLUMNS", "FUNCTIONS", "SCHEMAS"];

/**
 * By its first words: Trino takes one statement at a time, and none that begins so writes.
 *
 * @throws ColdError `readOnly`, or `invalid` when there is no statement
 */
export function readOnly(statement: string): ReadOnly {
  const text = statement.replace(/[;\s]+$/, "");
  const begin = skipped(text, 0);
  const first = wordAt(text, begin);
  if (first === "") throw new ColdError("invalid", "There is no query: write a SELECT.");
  if (first === "EXPLAIN") {
    const innerAt = afterExplain(text, begin);
    const inner = wordAt(text, innerAt);
    if (!queries.includes(inner)) throw refused(inner === "" ? first : inner);
    return { text, innerAt };
  }
  if (first === "SHOW") {
    const second = wordAt(text, skipped(text, begin + first.length));
    if (!shown.includes(second)) throw refused(`SHOW ${second}`);
  } else if (first !== "DESCRIBE" && first !== "DESC" && !queries.includes(first)) throw refused(first);
  return { text, innerAt: 0 };
}

function refused(words: string): ColdError {
  return new ColdError(
    "readOnly",
    `${words.slice(0, 40).trim()} is not allowed here: history is only read, with SELECT, WITH, SHOW TABLES, DESCRIBE or EXPLAIN.`,
  );
}

function afterExplain(text: string, begin: number): number {
  let at = skipped(text, begin + "EXPLAIN".length);
  for (const word of ["ANALYZE", "VERBOSE"]) {
    if (wordAt(text, at) === word) at = skipped(text, at + word.length);
  }
  const options = /^\(\s*(?:TYPE|FORMAT)\b[^)]*\)/i.exec(text.slice(at));
  return options === null ? at : skipped(text, at + options[0].length);
}

/** The word in upper case, or the sign, that stands there. */
function wordAt(text: string, at: number): string {
  return (/^(?:[A-Za-z_]+|[^\s])/.exec(text.slice(at))?.[0] ?? "").toUpperCase();
}

/** The place after white space and comments. */
function skipped(text: string, at: number): number {
  const space = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(text.slice(at));
  return at + (space?.[0].length ?? 0);
}
