import type { ResultTable } from "@downbeat/api/views";
import { cellText, isNumberColumn } from "./cell.ts";

export interface ChartChoice {
  readonly x: number;
  readonly ys: readonly number[];
  readonly kind: "bar" | "line";
}

export const mostPoints = 500;
export const mostSeries = 4;

export function numberColumns(table: ResultTable): number[] {
  return table.columns.flatMap((_, index) => (isNumberColumn(table, index) ? [index] : []));
}

/** What can most likely be read from it: times make a line, names and a single row bars; `undefined` when there is no number to draw. */
export function suggestedChart(table: ResultTable): ChartChoice | undefined {
  const numbers = numberColumns(table);
  const words = table.columns.findIndex((_, index) => !numbers.includes(index));
  const x = words >= 0 ? words : 0;
  const ys = numbers.filter(
    (index) => index !== x && !/_ms$|^(year|month|hour)$/i.test(table.columns[index]?.name ?? ""),
  );
  const drawn = (ys.length > 0 ? ys : numbers.filter((index) => index !== x)).slice(0, mostSeries);
  if (drawn.length === 0) return undefined;
  const isTime = /^\d{4}-\d\d-\d\d/.test(cellText(table.rows[0]?.[x]) ?? "");
  return { x, ys: drawn, kind: isTime && table.rows.length > 1 ? "line" : "bar" };
}

/** Between these, powers of ten and their multiples are numbers. */
const farthest = 1e300;
const nearest = 1e-300;

/** Round values that hold all of them; 0 is always among them. */
export function valueTicks(all: readonly number[], most = 4): readonly number[] {
  const values = all.filter(Number.isFinite).map((value) => Math.max(-farthest, Math.min(farthest, value)));
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const rough = high - low < nearest ? 1 : (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  // By multiplication: added up, 0.1 would drift.
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}
