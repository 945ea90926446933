const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `5,020` */
export const formatCount = (count: number): string => whole.format(count);

/** `5,020` up to five figures, `1.2M` beyond: for places too narrow for the whole number. */
export const formatCompact = (count: number): string =>
  count < 100_000 ? whole.format(count) : compact.format(count);

/** Never rounds to 100 % what had a failure, nor to 0 % what had a success. */
export function formatRate(rate: number): string {
  if (rate >= 1) return "100 %";
  if (rate <= 0) return "0 %";
  const percent = rate * 100;
  if (percent > 99.9) return `${(Math.floor(percent * 100) / 100).toFixed(2)} %`;
  if (percent < 0.1) return "< 0.1 %";
  return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
