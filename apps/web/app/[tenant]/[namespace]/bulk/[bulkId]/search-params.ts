import type { BulkOutcome } from "@downbeat/api/views";
import { outcomeNames } from "../../../../../features/bulk/outcome-names.ts";
import { type Report, readChoice, reportUnknown, unreported } from "../../../../../lib/address-query.ts";

export interface BulkParams {
  /** Targets of this outcome only. */
  readonly outcome?: BulkOutcome | undefined;
}

export function parseBulkParams(query: URLSearchParams, report: Report = unreported): BulkParams {
  reportUnknown(query, ["outcome"], report);
  const outcome = readChoice(query, "outcome", outcomeNames, report);
  return outcome === undefined ? {} : { outcome };
}

export function serializeBulkParams({ outcome }: Partial<BulkParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (outcome !== undefined) query.set("outcome", outcome);
  return query;
}
