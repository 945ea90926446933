import type { ResultTable, ResultValue } from "@downbeat/api/views";

/** A value as text; `null` stays what it is, so that it can look different from the word. */
export function cellText(value: ResultValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A number as one: decimals and big integers come as their digits, so that none of them is lost. */
export function cellNumber(value: ResultValue | undefined, type: string): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^(?:bigint|decimal)\b/.test(type) ? Number(value) : undefined;
}

/** Numbers and nothing else: what is aligned right, and what can be drawn. */
export function isNumberColumn({ columns, rows }: ResultTable, index: number): boolean {
  const type = columns[index]?.type ?? "";
  let numbers = 0;
  for (const row of rows) {
    const value = row[index];
    if (value === null || value === undefined) continue;
    if (cellNumber(value, type) === undefined) return false;
    numbers++;
  }
  return numbers > 0;
}
