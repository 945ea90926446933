import type { ResultTable, ResultValue } from "@downbeat/api/views";
import { plural } from "../../lib/number.ts";
import { cellText } from "./cell.ts";

/** Spreadsheets take a file without it for one of their own old encodings. */
const byteOrderMark = "\ufeff";

/**
 * RFC 4180: CRLF, quotes where they are needed and doubled inside. Null is nothing, an empty text is two quotes. It can be opened in a spreadsheet: UTF-8 is
 * marked as such, and no text is run as a formula. One that is cut says so in its last line.
 */
export function toCsv({ columns, rows, isCut }: ResultTable): string {
  const lines = [columns.map(({ name }) => field(name)), ...rows.map((row) => row.map(field))];
  if (isCut) lines.push([field(cutWords(rows.length))]);
  return byteOrderMark + lines.map((line) => `${line.join(",")}\r\n`).join("");
}

function field(value: ResultValue): string {
  const text = cellText(value);
  if (text === null) return "";
  const safe = typeof value === "number" ? text : withoutFormula(text);
  // Where commas are decimal, spreadsheets split at semicolons.
  return safe === "" || /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What a spreadsheet would run, full-width signs included, is text with an apostrophe before it; a number stays one. */
function withoutFormula(text: string): string {
  const isFormula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text);
  return isFormula && !/^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? `'${text}` : text;
}

function cutWords(rows: number): string {
  return `Cut here: these are the first ${plural(rows, "row")}, and there are more.`;
}

/** One object a row. Columns of one name get numbers, so that none is lost. Where it is cut the rows are in an object that says so. */
export function toJson({ columns, rows, isCut }: ResultTable): string {
  const taken = new Set<string>();
  const names = columns.map(({ name }) => {
    let unique = name;
    for (let number = 2; taken.has(unique); number++) unique = `${name}_${number}`;
    taken.add(unique);
    return unique;
  });
  const objects = rows.map((row) =>
    Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])),
  );
  const all = isCut ? { cut: cutWords(rows.length), rows: objects } : objects;
  return `${JSON.stringify(all, null, 2)}\n`;
}

export function saveFile(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
