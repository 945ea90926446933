import type { SQLOutputValue } from "node:sqlite";
import type { AdHocQuery, ResultTable, ResultValue } from "@downbeat/cold-history";
import { ColdError, oneStatement, placeOf, tokensOf } from "@downbeat/cold-history";
import type { Reader } from "./open-reader.ts";
import { queryError } from "./query-error.ts";

/** A browser must be able to hold the answer. */
const mostCharacters = 8_000_000;

/** @throws ColdError, or SQLite's own error when the file is damaged */
export function runQuery(reader: Reader, { sql, maxRows }: AdHocQuery): ResultTable {
  const statement = checkedStatement(sql);
  reader.authorizer.refused = undefined;
  try {
    return read(reader, statement, maxRows);
  } catch (error) {
    throw queryError(reader, statement, error);
  }
}

function checkedStatement(sql: string): string {
  const checked = oneStatement(sql);
  if (checked === undefined) throw new ColdError("invalid", "There is no statement to run: write a SELECT.");
  if ("secondAt" in checked) {
    throw new ColdError(
      "invalid",
      "Only one statement can be run at a time: leave out what follows the first ;.",
      {
        ...placeOf(sql, checked.secondAt),
      },
    );
  }
  const tokens = tokensOf(checked.sql);
  const parameter = tokens.find(({ kind, text }) => kind === "sign" && /[?:@$]/.test(text));
  if (parameter !== undefined) {
    throw new ColdError("invalid", "There are no parameters here: write the value in its place.", {
      ...placeOf(sql, parameter.from),
    });
  }
  return checked.sql;
}

function read({ db }: Reader, sql: string, maxRows: number): ResultTable {
  const statement = db.prepare(sql, { readBigInts: true, returnArrays: true });
  const columns = statement.columns().map(({ name }) => ({ name, type: "" }));
  const rows: ResultValue[][] = [];
  let characters = 0;
  for (const row of statement.iterate() as Iterable<unknown> as Iterable<readonly SQLOutputValue[]>) {
    if (rows.length === maxRows || characters > mostCharacters) return { columns, rows, isCut: true };
    const values = row.map(cellOf);
    for (const value of values) characters += typeof value === "string" ? value.length : 8;
    rows.push(values);
  }
  return { columns, rows, isCut: false };
}

const shownBytes = 64;

function cellOf(value: SQLOutputValue): ResultValue {
  if (typeof value === "bigint") {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
      ? Number(value)
      : String(value);
  }
  // JSON has no word for it.
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value.subarray(0, shownBytes)).toString("hex").toUpperCase();
    return `x'${hex}${value.length > shownBytes ? `… (${value.length} bytes)` : ""}'`;
  }
  return value;
}
