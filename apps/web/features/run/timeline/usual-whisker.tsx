import type { JobRow, UsualFigures } from "@downbeat/api/views";
import { measuredAttempt } from "../model/usual.ts";
import type { TimeScale } from "./scale.ts";

interface WhiskerProps {
  readonly row: JobRow;
  readonly usual: UsualFigures;
  readonly scale: TimeScale;
  readonly now: number;
}

/** Under the bar of the last attempt: where half of its kind have ended, and 95 of 100. */
export function UsualWhisker({ row, usual, scale, now }: WhiskerProps) {
  const measured = measuredAttempt(row, now);
  if (measured === undefined) return null;
  const middle = scale.x(measured.from + usual.p50);
  const end = scale.x(measured.from + usual.p95);
  if (end < 0 || middle > scale.width) return null;
  const left = Math.max(0, middle);
  return (
    <span
      aria-hidden
      className="absolute top-[23px] h-1 border-ink-3 border-x"
      style={{ left, width: Math.max(2, Math.min(scale.width, end) - left) }}
    >
      <span className="absolute inset-x-0 top-[1.5px] h-px bg-ink-3" />
    </span>
  );
}
