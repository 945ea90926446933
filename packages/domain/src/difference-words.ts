import { countWords, durationWords, rateWords } from "./figure-words.ts";

/** How a figure differs from that of an earlier period. */
export interface Difference {
  readonly direction: "more" | "less" | "same";
  /** `12 % more than 1,318` */
  readonly words: string;
}

/** @returns nothing where either is no number */
export function countDifference(now: number, before: number): Difference | undefined {
  if (!Number.isFinite(now) || !Number.isFinite(before)) return undefined;
  const direction = directionOf(now, before);
  if (direction === "same") return { direction, words: "as before" };
  if (before === 0) return { direction, words: "none before" };
  if (now === 0) return { direction, words: `${countWords(before)} before` };
  const ratio = now / before;
  if (ratio >= 2) {
    const times = ratio < 9.95 ? ratio.toFixed(1).replace(".0", "") : countWords(ratio);
    return { direction, words: `${times} times ${countWords(before)}` };
  }
  const share = shareWords(Math.abs(now - before) / before);
  return {
    direction,
    words: `${share} ${direction === "more" ? "more" : "fewer"} than ${countWords(before)}`,
  };
}

/** Of shares from 0 to 1, in points of a percent. */
export function rateDifference(now: number | undefined, before: number | undefined): Difference | undefined {
  if (now === undefined || before === undefined) return undefined;
  const points = Math.abs(now - before) * 100;
  const direction = directionOf(now, before);
  // Told apart by their digits, or not at all.
  if (direction === "same" || rateWords(now) === rateWords(before))
    return { direction: "same", words: "as before" };
  const much = points < 0.1 ? "< 0.1" : points.toFixed(1);
  const unit = much === "1.0" ? "point" : "points";
  return {
    direction,
    words: `${much} ${unit} ${direction === "more" ? "above" : "below"} ${rateWords(before)}`,
  };
}

/** Of durations in ms. */
export function durationDifference(
  now: number | undefined,
  before: number | undefined,
): Difference | undefined {
  if (now === undefined || before === undefined) return undefined;
  const direction = directionOf(now, before);
  if (direction === "same" || durationWords(now) === durationWords(before))
    return { direction: "same", words: "as before" };
  const much = durationWords(Math.abs(now - before));
  return {
    direction,
    words: `${much} ${direction === "more" ? "longer" : "shorter"} than ${durationWords(before)}`,
  };
}

function directionOf(now: number, before: number): Difference["direction"] {
  if (now === before) return "same";
  return now > before ? "more" : "less";
}

function shareWords(share: number): string {
  const percent = share * 100;
  if (percent < 0.1) return "< 0.1 %";
  return percent < 9.95 ? `${percent.toFixed(1)} %` : `${Math.min(99, Math.round(percent))} %`;
}
