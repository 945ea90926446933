import type { AcceptCursor } from "./accept.ts";

/**
 * So far a record's time may be ahead of the log's clock, or of the record before where that is later, ms. Clocks of brokers differ, and a log's clock that was
 * wrong is ahead of what is recorded next; none of it by more than a day.
 */
export const longestLeadMs = 86_400_000;

/**
 * The time of a record that counts, as every reader takes it, ms since the epoch: what it says, but for a time so far ahead that no engine had it. That is taken
 * for the log's, or for the record's before. Time never goes back, so one such record would keep its partition there for good.
 *
 * What breaks without it: rule 22 of docs/architecture.md.
 *
 * @param cursor after the record before
 * @param said by the record
 * @param publishTime when the log took it
 */
export function believedTime({ at = 0 }: AcceptCursor, said: number, publishTime: number): number {
  const known = Math.max(at, publishTime);
  return said > known + longestLeadMs ? known : said;
}
