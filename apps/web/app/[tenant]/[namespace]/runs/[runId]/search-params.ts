import {
  type Report,
  readChoice,
  readText,
  readWhole,
  reportUnknown,
  unreported,
} from "../../../../../lib/address-query.ts";

export interface RunParams {
  /** The timeline row that is looked at. */
  readonly row?: string | undefined;
  /** Number of the event that is looked at. */
  readonly event?: number | undefined;
  /** Event types to show; none means all. */
  readonly types: readonly string[];
  readonly text?: string | undefined;
  /** Events of the chosen row only. */
  readonly only: boolean;
}

export function parseRunParams(query: URLSearchParams, report: Report = unreported): RunParams {
  reportUnknown(query, ["row", "event", "types", "q", "only"], report);
  const row = readText(query, "row", 100, report);
  const event = readWhole(query, "event", 1_000_000_000, report);
  const text = readText(query, "q", 1_000, report);
  const types = readText(query, "types", 4_000, report) ?? "";
  return {
    types: types.split(",").filter((type) => type !== ""),
    only: readChoice(query, "only", ["1"], report) === "1",
    ...(row === undefined ? {} : { row }),
    ...(event === undefined ? {} : { event }),
    ...(text === undefined ? {} : { text }),
  };
}

export function serializeRunParams(params: Partial<RunParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (params.row) query.set("row", params.row);
  if (params.event !== undefined) query.set("event", String(params.event));
  if (params.types?.length) query.set("types", params.types.join(","));
  if (params.text) query.set("q", params.text);
  if (params.only) query.set("only", "1");
  return query;
}
