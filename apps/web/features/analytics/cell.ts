import type { ResultValue } from "@downbeat/api/views";

/** A value as text; `null` stays what it is, so that it can look different from the word. */
export function cellText(value: ResultValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Numbers and nothing else: what is aligned right, and what can be drawn. */
export function isNumberColumn(rows: readonly (readonly ResultValue[])[], index: number): boolean {
  let numbers = 0;
  for (const row of rows) {
    const value = row[index];
    if (value === null || value === undefined) continue;
    if (typeof value !== "number") return false;
    numbers++;
  }
  return numbers > 0;
}
