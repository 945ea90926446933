import {
  type Report,
  readChoice,
  readText,
  reportUnknown,
  unreported,
} from "../../../../lib/address-query.ts";

export interface CompareParams {
  /** The two runs. */
  readonly run?: string | undefined;
  readonly with?: string | undefined;
  /** All steps, also those that are equal. */
  readonly all: boolean;
}

const longestId = 200;

export function parseCompareParams(query: URLSearchParams, report: Report = unreported): CompareParams {
  reportUnknown(query, ["run", "with", "all"], report);
  const run = readText(query, "run", longestId, report);
  const other = readText(query, "with", longestId, report);
  return {
    all: readChoice(query, "all", ["1"], report) === "1",
    ...(run !== undefined && { run }),
    ...(other !== undefined && { with: other }),
  };
}

export function serializeCompareParams(params: Partial<CompareParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (params.run) query.set("run", params.run);
  if (params.with) query.set("with", params.with);
  if (params.all) query.set("all", "1");
  return query;
}
