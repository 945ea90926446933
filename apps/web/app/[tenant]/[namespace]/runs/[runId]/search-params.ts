import { readZoom } from "../../../../../features/run/model/zoom-range.ts";
import {
  type Report,
  readChoice,
  readText,
  readWhole,
  reportUnknown,
  shown,
  unreported,
} from "../../../../../lib/address-query.ts";

export interface RunParams {
  /** The timeline row that is looked at. */
  readonly row?: string | undefined;
  /** Number of the event that is looked at. */
  readonly event?: number | undefined;
  /** Number of the event after which the run is shown as it was. */
  readonly at?: number | undefined;
  /** Event types to show; none means all. */
  readonly types: readonly string[];
  readonly text?: string | undefined;
  /** Events of the chosen row only. */
  readonly only: boolean;
  /** The stretch of the timeline, `1200-8000`: ms since the run's start. */
  readonly zoom?: string | undefined;
  readonly view?: "table" | "graph" | undefined;
  /** The critical path is set off. */
  readonly path: boolean;
}

export function parseRunParams(query: URLSearchParams, report: Report = unreported): RunParams {
  reportUnknown(query, ["row", "event", "types", "q", "only", "zoom", "view", "path", "at"], report);
  const row = readText(query, "row", 100, report);
  const event = readWhole(query, "event", 1_000_000_000, report);
  const text = readText(query, "q", 1_000, report);
  const at = readWhole(query, "at", 1_000_000_000, report);
  const view = readChoice(query, "view", ["table", "graph"], report);
  const zoom = readStretch(query, report);
  const types = readText(query, "types", 4_000, report) ?? "";
  return {
    types: types.split(",").filter((type) => type !== ""),
    only: readChoice(query, "only", ["1"], report) === "1",
    path: readChoice(query, "path", ["1"], report) === "1",
    ...(at === undefined ? {} : { at }),
    ...(zoom === undefined ? {} : { zoom }),
    ...(view === undefined ? {} : { view }),
    ...(row === undefined ? {} : { row }),
    ...(event === undefined ? {} : { event }),
    ...(text === undefined ? {} : { text }),
  };
}

export function serializeRunParams(params: Partial<RunParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (params.row) query.set("row", params.row);
  if (params.event !== undefined) query.set("event", String(params.event));
  if (params.at !== undefined) query.set("at", String(params.at));
  if (params.types?.length) query.set("types", params.types.join(","));
  if (params.text) query.set("q", params.text);
  if (params.only) query.set("only", "1");
  if (params.zoom) query.set("zoom", params.zoom);
  if (params.view) query.set("view", params.view);
  if (params.path) query.set("path", "1");
  return query;
}

function readStretch(query: URLSearchParams, report: Report): string | undefined {
  const text = readText(query, "zoom", 40, report);
  if (text === undefined || readZoom(text, 0) !== undefined) return text;
  report(`“zoom” is two numbers of milliseconds since the start, such as 1200-8000; ${shown(text)} is not.`);
  return undefined;
}
