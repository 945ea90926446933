import type { JobRow, UsualFigures } from "@downbeat/api/views";
import { formatDuration } from "../../../lib/duration.ts";
import { formatCount } from "../../../lib/number.ts";
import { factorWords, measuredAttempt, slowness } from "../model/usual.ts";

export interface UsualWords {
  /** `240 ms`, or with how many times that it took. */
  readonly short: string;
  readonly whole: string;
  /** `3.1×`, of what took clearly longer. */
  readonly slow: string | undefined;
}

/** A job's last attempt beside those of its kind. */
export function usualWords(row: JobRow, usual: UsualFigures, now: number): UsualWords {
  const measured = measuredAttempt(row, now);
  const took = measured === undefined ? 0 : measured.to - measured.from;
  const factor = measured === undefined ? undefined : slowness(took, usual);
  const slow = factor === undefined ? undefined : factorWords(factor);
  const kind = `Usually ${formatDuration(usual.p50)}, 95 of 100 within ${formatDuration(usual.p95)} (${formatCount(usual.completed)} that completed in a week).`;
  return {
    short: slow === undefined ? formatDuration(usual.p50) : `${formatDuration(usual.p50)}, this ${slow}`,
    whole:
      measured === undefined
        ? kind
        : `The last attempt ${measured.isOpen ? "has taken" : "took"} ${formatDuration(took)} from its request on. ${kind}`,
    slow,
  };
}
