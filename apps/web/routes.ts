import type { ShownStatus } from "@downbeat/api/views";
import { type AttentionParams, serializeAttentionParams } from "./app/attention/search-params.ts";
import { type RunParams, serializeRunParams } from "./app/runs/[runId]/search-params.ts";
import { type RunsParams, serializeRunsParams } from "./app/runs/search-params.ts";
import { type OverviewParams, serializeOverviewParams } from "./app/search-params.ts";

/** Every address of the dashboard is built here. */
export const routes = {
  overview: (params: Partial<OverviewParams> = {}) => address("/", serializeOverviewParams(params)),
  runs: (params: Partial<RunsParams> = {}) => address("/runs", serializeRunsParams(params)),
  run: (runId: string, params: Partial<RunParams> = {}) =>
    address(`/runs/${encodeURIComponent(runId)}`, serializeRunParams(params)),
  attention: (params: Partial<AttentionParams> = {}) =>
    address("/attention", serializeAttentionParams(params)),
  runsOfStatus: (...status: ShownStatus[]) => routes.runs({ status }),
} as const;

function address(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}
