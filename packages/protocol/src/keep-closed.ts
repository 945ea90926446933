import { shortestKnownMs } from "@downbeat/domain";
import { durationText } from "./duration-text.ts";

/** How long closed runs are kept; ms after their ends. */
export interface KeepClosed {
  /** Their history, and everything else. */
  readonly closedMs: number;
  /** That they were there: a start with such an id is refused. */
  readonly idsMs: number;
}

/** Each of `--keep-closed` and `--keep-ids`. */
export const keepDuration = durationText.refine((ms) => ms >= shortestKnownMs, "at least a day, such as 30d");

export const keepClosedVariables = {
  DOWNBEAT_KEEP_CLOSED: keepDuration.optional(),
  DOWNBEAT_KEEP_IDS: keepDuration.optional(),
} as const;

const idsUnlessSaidMs = 400 * 86_400_000;

/**
 * @returns `undefined`: forever
 * @throws Error with a sentence when they don't go together
 */
export function keepClosedOf(given: {
  readonly DOWNBEAT_KEEP_CLOSED?: number | undefined;
  readonly DOWNBEAT_KEEP_IDS?: number | undefined;
}): KeepClosed | undefined {
  const { DOWNBEAT_KEEP_CLOSED: closedMs, DOWNBEAT_KEEP_IDS: idsMs } = given;
  if (closedMs === undefined) {
    if (idsMs === undefined) return undefined;
    throw new Error(
      "DOWNBEAT_KEEP_IDS (--keep-ids) needs DOWNBEAT_KEEP_CLOSED (--keep-closed): without it all runs are kept forever.",
    );
  }
  if (idsMs !== undefined && idsMs < closedMs)
    throw new Error(
      "DOWNBEAT_KEEP_IDS (--keep-ids) can't be shorter than DOWNBEAT_KEEP_CLOSED (--keep-closed): ids go after the runs.",
    );
  return { closedMs, idsMs: idsMs ?? Math.max(closedMs, idsUnlessSaidMs) };
}
