import { formatMoment } from "../lib/absolute-time.ts";
import { messageOf } from "../trpc/trouble.ts";

export interface AskedQuery {
  readonly data: unknown;
  readonly error: unknown;
  /** ms since the epoch. */
  readonly dataUpdatedAt: number;
  /** What failed was the next page of a list: what is shown is as it was. */
  readonly isFetchNextPageError?: boolean;
}

/** Of what is shown though it could not be asked for again. */
export function staleWords(
  { data, error, dataUpdatedAt, isFetchNextPageError = false }: AskedQuery,
  now: number,
): string | undefined {
  if (data === undefined || error === null) return undefined;
  return isFetchNextPageError
    ? `More could not be loaded: ${messageOf(error)}`
    : `As of ${formatMoment(dataUpdatedAt, now)}. It could not be refreshed: ${messageOf(error)}`;
}
