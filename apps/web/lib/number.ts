import { countWords } from "@downbeat/domain";

export { countWords as formatCount, plural, rateWords as formatRate } from "@downbeat/domain";

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `5,020` up to five figures, `1.2M` beyond: for places too narrow for the whole number. */
export const formatCompact = (count: number): string =>
  count >= 100_000 && count < 1e15 ? compact.format(count) : countWords(count);

/** Of a number in digits, those before the point in groups; what is written in another way stays as it is. No digit is lost. */
export function formatExact(digits: string): string {
  const [whole = "", fraction] = digits.split(".");
  if (!/^-?\d+$/.test(whole) || (fraction !== undefined && !/^\d+$/.test(fraction))) return digits;
  return whole.replace(/\B(?=(?:\d{3})+$)/g, ",") + (fraction === undefined ? "" : `.${fraction}`);
}
