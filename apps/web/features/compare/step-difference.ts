import type { TimelineRow } from "@downbeat/api/views";
import { jsonDifferences } from "../../lib/json-differences.ts";
import type { Aligned } from "./align-steps.ts";

export interface StepDifference {
  readonly status: boolean;
  readonly attempts: boolean;
  readonly input: boolean;
  readonly result: boolean;
  /** How much longer the right one took, ms; absent where one of them is not there or not over. */
  readonly tookMs?: number;
  /** That is enough to speak of. */
  readonly isSlower: boolean;
  readonly isFaster: boolean;
  readonly isMissing: boolean;
}

/** Steps are told apart by these; how long a sleep is belongs to its data. */
export function stepName(row: TimelineRow): string {
  switch (row.kind) {
    case "job":
      return `${row.compensationId === undefined ? "" : "undo "}${row.jobType}`;
    case "timer":
      return "Sleep";
    case "signal":
      return `Signal “${row.name}”`;
  }
}

export function inputOf(row: TimelineRow): string | undefined {
  return row.kind === "job" ? row.input : undefined;
}

/** What came of it: an output, an error, or what the signal carried. */
export function resultOf(row: TimelineRow): string | undefined {
  if (row.kind === "signal") return row.payload;
  if (row.kind !== "job") return undefined;
  if (row.output !== undefined) return row.output;
  return row.failure === undefined
    ? undefined
    : JSON.stringify({ error: row.failure.name, message: row.failure.message });
}

/** Less is the weather. */
const leastMs = 20;
const leastFactor = 1.5;

export function differenceOf({ left, right }: Aligned<TimelineRow>): StepDifference {
  const none = {
    status: false,
    attempts: false,
    input: false,
    result: false,
    isSlower: false,
    isFaster: false,
  };
  if (left === undefined || right === undefined) return { ...none, isMissing: true };
  const [a, b] = [tookOf(left), tookOf(right)];
  const tookMs = a === undefined || b === undefined ? undefined : b - a;
  const isMuch =
    a !== undefined &&
    b !== undefined &&
    Math.abs(b - a) >= leastMs &&
    Math.max(a, b) >= leastFactor * Math.min(a, b);
  return {
    status: left.status !== right.status,
    attempts: attemptsOf(left) !== attemptsOf(right),
    input: differs(inputOf(left), inputOf(right)),
    result: differs(resultOf(left), resultOf(right)),
    ...(tookMs !== undefined && { tookMs }),
    isSlower: isMuch && (tookMs ?? 0) > 0,
    isFaster: isMuch && (tookMs ?? 0) < 0,
    isMissing: false,
  };
}

export function isDifferent(difference: StepDifference): boolean {
  const { status, attempts, input, result, isSlower, isFaster, isMissing } = difference;
  return status || attempts || input || result || isSlower || isFaster || isMissing;
}

/** `input, result, +600 ms`: what is said of a pair beside its two sides. */
export function differenceNames({ status, attempts, input, result }: StepDifference): readonly string[] {
  return [
    status ? "status" : "",
    attempts ? "attempts" : "",
    input ? "input" : "",
    result ? "result" : "",
  ].filter(Boolean);
}

function differs(one: string | undefined, other: string | undefined): boolean {
  return one !== other && jsonDifferences(one, other).found.length > 0;
}

function tookOf({ from, to }: TimelineRow): number | undefined {
  return to === undefined ? undefined : to - from;
}

function attemptsOf(row: TimelineRow): number {
  return row.kind === "job" ? row.attempts.length : 0;
}
