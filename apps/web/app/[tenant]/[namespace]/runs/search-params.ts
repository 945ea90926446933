import type { ShownStatus } from "@downbeat/api/views";
import {
  type Report,
  readChoice,
  readChoices,
  readText,
  reportUnknown,
  shown,
  unreported,
} from "../../../../lib/address-query.ts";
import { runStatuses } from "../../../../lib/status.ts";
import { parseRange, rangeNames, type TimeRange, writeRange } from "../../../../lib/time-range.ts";

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

/** What can be asked of the runs: the API's own limits. */
export const longest = { workflow: 100, text: 200, labelKey: 60, labelValue: 200 } as const;
export const mostLabels = 5;

export function parseRunsParams(query: URLSearchParams, report: Report = unreported): RunsParams {
  reportUnknown(query, [...rangeNames, "status", "workflow", "q", "label", "by"], report);
  const workflow = readText(query, "workflow", longest.workflow, report);
  const text = readText(query, "q", longest.text, report);
  return {
    status: readChoices(query, "status", runStatuses, report),
    labels: readLabels(query, report),
    range: parseRange(query, allTime, report),
    by: readChoice(query, "by", ["started", "ended"], report) ?? "started",
    ...(workflow === undefined ? {} : { workflow }),
    ...(text === undefined ? {} : { text }),
  };
}

function readLabels(query: URLSearchParams, report: Report): Record<string, string> {
  const labels = new Map<string, string>();
  for (const text of query.getAll("label")) {
    const [key, value] = parseLabel(text) ?? [];
    if (key === undefined || value === undefined)
      report(`A label is asked for as key=value, both with something in them; ${shown(text)} is left out.`);
    else if (key.length > longest.labelKey || value.length > longest.labelValue)
      report(`No label is as long as ${shown(text)}: it is left out.`);
    else if (key === "__proto__") report("No label is named “__proto__”: it is left out.");
    else if (labels.has(key) && labels.get(key) !== value)
      report(`A run has one value of “${key}”: ${shown(text)} is left out.`);
    else if (labels.size === mostLabels && !labels.has(key))
      report(`At most ${mostLabels} labels can be asked for: ${shown(text)} is left out.`);
    else labels.set(key, value);
  }
  return Object.fromEntries(labels);
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
  const [key, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  return at <= 0 || key === "" || value === "" ? undefined : [key, value];
}
