import { compared, type Measure, measureOf } from "./measure.ts";

/** How a label is asked for. */
export interface LabelCondition {
  readonly key: string;
  readonly test: LabelTest;
  /** What it is compared with; nothing for `exists`. */
  readonly value?: string;
  /** Runs that don't: those without the label are among them. */
  readonly not?: boolean;
}

/** `is` ignores case; the others but `exists` compare numbers with numbers and times with times. */
export type LabelTest = (typeof labelTests)[number];

export const labelTests = ["is", "above", "atLeast", "below", "atMost", "exists"] as const;

/** One of them has to hold. */
export type LabelClause = readonly LabelCondition[];

/** How labels are compared: `Acme` is `acme`. */
export function foldedLabel(text: string): string {
  return text.toLowerCase();
}

/** Whether a run with these labels is meant: every clause has to hold. */
export function fitsLabels(
  labels: Readonly<Record<string, string>>,
  clauses: readonly LabelClause[],
): boolean {
  return clauses.every((clause) => clause.some((condition) => fits(labels, condition)));
}

function fits(
  labels: Readonly<Record<string, string>>,
  { key, test, value = "", not = false }: LabelCondition,
) {
  const wanted = foldedLabel(key);
  const measure = measureOf(value);
  const found = Object.entries(labels).some(
    ([own, is]) => foldedLabel(own) === wanted && passes(is, test, value, measure),
  );
  return found !== not;
}

function passes(is: string, test: LabelTest, value: string, measure: Measure | undefined): boolean {
  if (test === "exists") return true;
  if (test === "is") return foldedLabel(is) === foldedLabel(value);
  const own = measureOf(is);
  if (own === undefined || measure === undefined) return false;
  const order = compared(own, measure);
  switch (test) {
    case "above":
      return order > 0;
    case "atLeast":
      return order >= 0;
    case "below":
      return order < 0;
    case "atMost":
      return order <= 0;
  }
}
