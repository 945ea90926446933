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

export function parseRunParams(query: URLSearchParams): RunParams {
  const row = query.get("row");
  const event = Number(query.get("event") ?? Number.NaN);
  const text = query.get("q");
  return {
    types: (query.get("types") ?? "").split(",").filter((type) => type !== ""),
    only: query.get("only") === "1",
    ...(row ? { row } : {}),
    ...(Number.isInteger(event) ? { event } : {}),
    ...(text ? { text } : {}),
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
