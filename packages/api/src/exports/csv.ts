/** Spreadsheets take a file without it for one of their own old encodings. */
export const byteOrderMark = "\ufeff";

export type CsvValue = string | number | null;

/** RFC 4180: CRLF, quotes where they are needed and doubled inside. Null is nothing, an empty text is two quotes. No text is run as a formula. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(field).join(",")}\r\n`;
}

function field(value: CsvValue): string {
  if (value === null) return "";
  const safe = typeof value === "number" ? String(value) : withoutFormula(value);
  // Where commas are decimal, spreadsheets split at semicolons.
  return safe === "" || /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What a spreadsheet would run, full-width signs included, is text with an apostrophe before it; a number stays one. */
function withoutFormula(text: string): string {
  const isFormula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text);
  return isFormula && !/^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? `'${text}` : text;
}
