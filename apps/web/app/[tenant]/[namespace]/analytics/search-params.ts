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

export function parseAnalyticsParams(query: URLSearchParams): AnalyticsParams {
  const sql = query.get("sql");
  const source = query.get("source");
  const rows = Number(query.get("rows"));
  return {
    rows: rowLimits.find((limit) => limit === rows) ?? usualRows,
    view: query.get("view") === "chart" ? "chart" : "table",
    ...(sql ? { sql } : {}),
    ...(source ? { source } : {}),
  };
}

export function serializeAnalyticsParams(params: Partial<AnalyticsParams>): URLSearchParams {
  const { sql, source, rows, view } = params;
  const query = new URLSearchParams();
  if (source) query.set("source", source);
  if (rows !== undefined && rows !== usualRows) query.set("rows", String(rows));
  if (view === "chart") query.set("view", view);
  if (sql && encodeURIComponent(sql).length <= longestInAddress) query.set("sql", sql);
  return query;
}
