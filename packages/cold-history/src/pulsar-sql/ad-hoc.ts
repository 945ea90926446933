import { z } from "zod";
import type { AdHocQuery, ResultTable, ResultValue } from "../port/ad-hoc.ts";
import { ColdError } from "../port/cold-error.ts";
import { checkNames, checkOwnTables } from "./own-tables.ts";
import { type Found, type Question, visibleAfterMs } from "./question.ts";
import { readOnly } from "./read-only.ts";

const value: z.ZodType<ResultValue> = z.json();
const rowsShape = z.array(z.array(value));
const planRows = z.tuple([z.tuple([z.string()])]);

const explain = "EXPLAIN (TYPE IO, FORMAT JSON)\n";
/** Of the answer, in characters: rows may be half a megabyte each. */
const mostCharacters = 16_000_000;

/** A person's own query: planned first, which says what it would read. */
export async function adHoc({ sql, maxRows }: AdHocQuery, question: Question): Promise<Found<ResultTable>> {
  const { text, innerAt } = readOnly(sql);
  checkNames(text, question.address);
  try {
    const { rows } = await question.execute(explain + text.slice(innerAt));
    checkOwnTables(planRows.parse(rows)[0][0], question.address);
  } catch (error) {
    throw error instanceof ColdError ? moved(error, text, innerAt) : error;
  }
  const { columns, rows, isCut } = await question.execute(text, {
    rows: maxRows,
    characters: mostCharacters,
  });
  return {
    value: { columns, rows: rowsShape.parse(rows), isCut },
    completeTo: question.now - visibleAfterMs,
    isComplete: !isCut,
    ...(isCut && { note: `Only the first ${rows.length.toLocaleString("en")} rows are shown.` }),
  };
}

/** An error's place in what EXPLAIN was given, as the place in the person's own text. */
function moved(error: ColdError, text: string, innerAt: number): ColdError {
  if (error.line === undefined) return error;
  const before = text.slice(0, innerAt).split("\n");
  const line = error.line - 1;
  const column = line === 1 ? (error.column ?? 1) + (before.at(-1)?.length ?? 0) : error.column;
  const { code, message, cause } = error;
  return new ColdError(code, message, { cause, line: line + before.length - 1, column });
}
