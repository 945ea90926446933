import { byteOrderMark, csvLine } from "@downbeat/api/csv";
import type { ResultTable, ResultValue } from "@downbeat/api/views";
import { plural } from "../../lib/number.ts";
import { cellText } from "./cell.ts";

/** It opens in a spreadsheet. One that is cut says so in its last line. */
export function toCsv({ columns, rows, isCut }: ResultTable): string {
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => row.map(cell))];
  if (isCut) lines.push([cutWords(rows.length)]);
  return byteOrderMark + lines.map(csvLine).join("");
}

const cell = (value: ResultValue) => (typeof value === "number" ? value : cellText(value));

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
