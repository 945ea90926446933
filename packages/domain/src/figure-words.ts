/** Figures as people read them. Rounded here and nowhere else, so that the dashboard and the command line say the same. */

/** To a tenth of a percent; never rounds to 100 % what had a failure, nor to 0 % what had a success. */
export function rateWords(rate: number): string {
  if (Number.isNaN(rate)) return "–";
  if (rate >= 1) return "100 %";
  if (rate <= 0) return "0 %";
  const percent = rate * 100;
  if (percent < 0.1) return "< 0.1 %";
  if (percent < 99.95) return `${percent.toFixed(1)} %`;
  return percent < 99.995 ? `${percent.toFixed(2)} %` : "> 99.99 %";
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `8 ms`, `1.24 s`, `3 min 12 s`, `2 h 5 min`, `4 d 3 h`: two figures that matter, never more. */
export function durationWords(ms: number): string {
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

function parts(ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const smalls = Math.round(ms / small);
  const perBig = big / small;
  const rest = smalls % perBig;
  const whole = Math.floor(smalls / perBig);
  return rest === 0 ? `${whole} ${bigUnit}` : `${whole} ${bigUnit} ${rest} ${smallUnit}`;
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

const scientific = new Intl.NumberFormat("en", { notation: "scientific", maximumFractionDigits: 2 });
/** Beyond, doubles are no counts any more, and all their digits help nobody. */
const mostCounted = 1e15;

/** `5,020` */
export function countWords(count: number): string {
  if (!Number.isFinite(count)) return "–";
  return Math.abs(count) < mostCounted ? whole.format(count) : scientific.format(count);
}

/** `1 run`, `5,020 runs` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countWords(count)} ${count === 1 ? one : many}`;
}
