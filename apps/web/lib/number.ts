import { countWords } from "@downbeat/domain";

export { countWords as formatCount, plural, rateWords as formatRate } from "@downbeat/domain";

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** `5,020` up to five figures, `1.2M` beyond: for places too narrow for the whole number. */
export const formatCompact = (count: number): string =>
  count >= 100_000 && count < 1e15 ? compact.format(count) : countWords(count);
