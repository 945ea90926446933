import { byteOrderMark, csvLine } from "./csv.ts";
import type { Column } from "./exportable.ts";

export const exportFormats = ["csv", "json", "ndjson"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What is at the end of a file. */
interface FileEnd {
  /** Rows that are in it. */
  readonly rows: number;
  /** Why it is not whole. */
  readonly cut?: string | undefined;
}

/** Writes a file piece by piece. One that is not whole says so itself. */
export interface FileWriter<Row> {
  readonly mediaType: string;
  readonly begin: () => string;
  readonly rows: (rows: readonly Row[]) => string;
  readonly end: (end: FileEnd) => string;
}

export function fileWriter<Row>(
  format: ExportFormat,
  columns: readonly Column<Row>[],
  about: { readonly list: string; readonly at: number },
): FileWriter<Row> {
  switch (format) {
    case "csv":
      return csvFile(columns);
    case "json":
      return jsonFile(about);
    case "ndjson":
      return linesFile();
  }
}

const cutWords = ({ rows, cut }: FileEnd): string => `Cut here after ${rows} rows: ${cut}`;

/** Opens in a spreadsheet: UTF-8 is marked as such, and no text is run as a formula. */
function csvFile<Row>(columns: readonly Column<Row>[]): FileWriter<Row> {
  return {
    mediaType: "text/csv;charset=utf-8",
    begin: () => byteOrderMark + csvLine(columns.map(({ name }) => name)),
    rows: (rows) => rows.map((row) => csvLine(columns.map(({ of }) => of(row) ?? null))).join(""),
    end: (end) => (end.cut === undefined ? "" : csvLine([cutWords(end)])),
  };
}

/** An object that is no JSON unless its end is there, so that a file that was torn off is not taken for a whole one. */
function jsonFile<Row>({ list, at }: { readonly list: string; readonly at: number }): FileWriter<Row> {
  let isFirst = true;
  return {
    mediaType: "application/json",
    begin: () =>
      `{"list":${JSON.stringify(list)},"exportedAt":${JSON.stringify(new Date(at).toISOString())},"rows":[`,
    rows: (rows) =>
      rows
        .map((row) => {
          const comma = isFirst ? "" : ",";
          isFirst = false;
          return `${comma}\n${JSON.stringify(row)}`;
        })
        .join(""),
    end: ({ rows, cut }) =>
      `\n],"count":${rows},"isWhole":${cut === undefined}${cut === undefined ? "" : `,"cut":${JSON.stringify(cut)}`}}\n`,
  };
}

/** A line a row; where it is not whole, a last line with `cut`. */
function linesFile<Row>(): FileWriter<Row> {
  return {
    mediaType: "application/x-ndjson",
    begin: () => "",
    rows: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
    end: ({ cut }) => (cut === undefined ? "" : `${JSON.stringify({ cut })}\n`),
  };
}
