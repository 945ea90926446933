import {
  type Report,
  readChoice,
  readText,
  reportUnknown,
  unreported,
} from "../../../../lib/address-query.ts";

export interface AnalyticsParams {
  readonly sql?: string | undefined;
  readonly source?: string | undefined;
  readonly rows: number;
  readonly view: "table" | "chart";
}

export const rowLimits = [100, 1_000, 10_000] as const;
const usualRows = 1_000;

/** Addresses have to pass through servers that take no longer ones. */
const longestInAddress = 4_000;

export function parseAnalyticsParams(query: URLSearchParams, report: Report = unreported): AnalyticsParams {
  reportUnknown(query, ["sql", "source", "rows", "view"], report);
  const sql = readText(query, "sql", 100_000, report);
  const source = readChoice(query, "source", ["readModel", "pulsarSql"], report);
  const rows = readChoice(query, "rows", rowLimits.map(String), report);
  return {
    rows: rowLimits.find((limit) => String(limit) === rows) ?? usualRows,
    view: readChoice(query, "view", ["table", "chart"], report) ?? "table",
    ...(sql === undefined ? {} : { sql }),
    ...(source === undefined ? {} : { source }),
  };
}

export function serializeAnalyticsParams(params: Partial<AnalyticsParams>): URLSearchParams {
  const { sql, source, rows, view } = params;
  const query = new URLSearchParams();
  if (source) query.set("source", source);
  if (rows !== undefined && rows !== usualRows) query.set("rows", String(rows));
  if (view === "chart") query.set("view", view);
  // Not `encodeURIComponent`: what somebody pasted may end in half a character, which it throws at.
  if (sql && new URLSearchParams({ sql }).toString().length <= longestInAddress) query.set("sql", sql);
  return query;
}
