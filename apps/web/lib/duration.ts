const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `8 ms`, `1.24 s`, `3 min 12 s`, `2 h 05 min`, `4 d 3 h`: two figures that matter, never more. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  const length = Math.max(0, ms);
  if (length < 1) return length === 0 ? "0 ms" : "< 1 ms";
  if (length < 999.5) return `${Math.round(length)} ms`;
  if (length < 9.995 * second) return `${(length / second).toFixed(2)} s`;
  if (length < 59.95 * second) return `${(length / second).toFixed(1)} s`;
  if (length < hour - second / 2) return parts(length, minute, "min", second, "s");
  if (length < day - minute / 2) return parts(length, hour, "h", minute, "min");
  return parts(length, day, "d", hour, "h");
}

/** For a duration that still grows: whole seconds, so that it ticks instead of flickering. */
export function formatRunningDuration(ms: number): string {
  const whole = Math.floor(Math.max(0, ms) / second);
  return whole < 60 ? `${whole} s` : formatDuration(whole * second);
}

function parts(ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const smalls = Math.round(ms / small);
  const perBig = big / small;
  const rest = smalls % perBig;
  const whole = Math.floor(smalls / perBig);
  return rest === 0 ? `${whole} ${bigUnit}` : `${whole} ${bigUnit} ${rest} ${smallUnit}`;
}
