import type { ShownStatus } from "@downbeat/api/views";
import { isShownStatus } from "../../../../lib/status.ts";
import { parseRange, type TimeRange, writeRange } from "../../../../lib/time-range.ts";

/** Which time of a run a range is about: charts count runs by their start, and ended ones by their end. */
export type TimeField = "started" | "ended";

export interface RunsParams {
  readonly status: readonly ShownStatus[];
  readonly workflow?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly text?: string | undefined;
  readonly range: TimeRange;
  readonly by: TimeField;
}

const allTime: TimeRange = { type: "all" };

/** Names every field, so that it clears them all when it is laid over others. */
export const noRunsParams: RunsParams = {
  status: [],
  workflow: undefined,
  labels: {},
  text: undefined,
  range: allTime,
  by: "started",
};

export function parseRunsParams(query: URLSearchParams): RunsParams {
  const workflow = query.get("workflow");
  const text = query.get("q");
  const labels = query.getAll("label").map(parseLabel);
  return {
    status: (query.get("status") ?? "").split(",").filter(isShownStatus),
    labels: Object.fromEntries(labels.filter((label) => label !== undefined)),
    range: parseRange(query, allTime),
    by: query.get("by") === "ended" ? "ended" : "started",
    ...(workflow ? { workflow } : {}),
    ...(text ? { text } : {}),
  };
}

export function serializeRunsParams(params: Partial<RunsParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (params.status?.length) query.set("status", params.status.join(","));
  if (params.workflow) query.set("workflow", params.workflow);
  for (const [key, value] of Object.entries(params.labels ?? {})) query.append("label", `${key}=${value}`);
  if (params.text) query.set("q", params.text);
  if (params.range !== undefined) writeRange(query, params.range, allTime);
  if (params.by === "ended") query.set("by", "ended");
  return query;
}

/** `orderId=4711` → `["orderId", "4711"]`; a value may hold further equal signs. */
export function parseLabel(text: string): [string, string] | undefined {
  const at = text.indexOf("=");
  if (at <= 0 || at === text.length - 1) return undefined;
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
