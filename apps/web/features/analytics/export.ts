import type { ResultTable, ResultValue } from "@downbeat/api/views";
import { cellText } from "./cell.ts";

/** RFC 4180: CRLF, quotes where they are needed and doubled inside. Null is nothing, an empty text is two quotes. */
export function toCsv({ columns, rows }: ResultTable): string {
  const lines = [columns.map(({ name }) => field(name)), ...rows.map((row) => row.map(field))];
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

function field(value: ResultValue): string {
  const text = cellText(value);
  if (text === null) return "";
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One object a row. Columns of one name get numbers, so that none is lost. */
export function toJson({ columns, rows }: ResultTable): string {
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
  return `${JSON.stringify(objects, null, 2)}\n`;
}

export function saveFile(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
