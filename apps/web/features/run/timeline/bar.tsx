import { clsx } from "clsx";
import type { Tone } from "@/lib/status.ts";
import type { Segment } from "./segments.ts";

const barTone: Readonly<Record<Tone, string>> = {
  running: "bg-running",
  waiting: "bg-waiting",
  stuck: "bg-stuck",
  completed: "bg-bar-completed",
  failed: "bg-bar-failed",
  ended: "bg-bar-ended",
};

const lineTone: Readonly<Record<Tone, string>> = {
  running: "border-running",
  waiting: "border-waiting",
  stuck: "border-stuck",
  completed: "border-bar-completed",
  failed: "border-bar-failed",
  ended: "border-bar-ended",
};

interface BarProps {
  readonly segment: Segment;
  readonly left: number;
  readonly width: number;
  /** It undoes something. */
  readonly isHatched: boolean;
}

const leastWidth = 3;

/** Work is solid, waiting to be taken is light, a pause is a thin line, an open end fades. */
export function Bar({ segment, left, width, isHatched }: BarProps) {
  const style = { left, width: Math.max(leastWidth, width) };
  const { kind, tone } = segment;
  switch (kind) {
    case "attempt":
      return (
        <span
          className={clsx(
            "absolute top-1.5 h-4 rounded-[3px]",
            barTone[tone],
            isHatched && "hatched",
            segment.isOpen && "rounded-r-none",
          )}
          style={style}
        />
      );
    case "queued":
      return (
        <span
          className={clsx(
            "absolute top-1.5 h-4 rounded-l-[3px] border-y border-l opacity-35",
            lineTone[tone],
            barTone[tone],
          )}
          style={{ left, width: Math.max(1, width) }}
        />
      );
    case "backOff":
      return (
        <span className="absolute top-[13px] h-px bg-ink-3" style={{ left, width: Math.max(0, width) }} />
      );
    case "wait":
      return (
        <span
          className={clsx(
            "absolute top-2.5 h-2 rounded-full border border-waiting bg-waiting-soft",
            segment.isOpen && "rounded-r-none border-r-0",
          )}
          style={style}
        />
      );
    case "stuck":
      return (
        <span
          className="absolute top-[12px] h-[3px] rounded-full bg-[repeating-linear-gradient(90deg,var(--stuck)_0_6px,transparent_6px_11px)]"
          style={style}
        />
      );
  }
}
