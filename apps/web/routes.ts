import type { NamespaceView, SavedView, ShownStatus } from "@downbeat/api/views";
import {
  type AnalyticsParams,
  parseAnalyticsParams,
  serializeAnalyticsParams,
} from "./app/[tenant]/[namespace]/analytics/search-params.ts";
import {
  type AttentionParams,
  parseAttentionParams,
  serializeAttentionParams,
} from "./app/[tenant]/[namespace]/attention/search-params.ts";
import {
  type AuditParams,
  parseAuditParams,
  serializeAuditParams,
} from "./app/[tenant]/[namespace]/audit/search-params.ts";
import {
  type BoardParams,
  parseBoardParams,
  serializeBoardParams,
} from "./app/[tenant]/[namespace]/boards/[boardId]/search-params.ts";
import {
  type BulkParams,
  parseBulkParams,
  serializeBulkParams,
} from "./app/[tenant]/[namespace]/bulk/[bulkId]/search-params.ts";
import {
  type CaseParams,
  parseCaseParams,
  serializeCaseParams,
} from "./app/[tenant]/[namespace]/case/search-params.ts";
import {
  type CompareParams,
  parseCompareParams,
  serializeCompareParams,
} from "./app/[tenant]/[namespace]/compare/search-params.ts";
import {
  type FiguresParams,
  parseFiguresParams,
  serializeFiguresParams,
} from "./app/[tenant]/[namespace]/figures/search-params.ts";
import {
  type JobsParams,
  parseJobsParams,
  serializeJobsParams,
} from "./app/[tenant]/[namespace]/jobs/search-params.ts";
import {
  type OwedParams,
  parseOwedParams,
  serializeOwedParams,
} from "./app/[tenant]/[namespace]/owed/search-params.ts";
import {
  parseRunParams,
  type RunParams,
  serializeRunParams,
} from "./app/[tenant]/[namespace]/runs/[runId]/search-params.ts";
import {
  parseRunsParams,
  type RunsParams,
  serializeRunsParams,
} from "./app/[tenant]/[namespace]/runs/search-params.ts";
import {
  type OverviewParams,
  parseOverviewParams,
  serializeOverviewParams,
} from "./app/[tenant]/[namespace]/search-params.ts";
import {
  parseTimersParams,
  serializeTimersParams,
  type TimersParams,
} from "./app/[tenant]/[namespace]/timers/search-params.ts";
import { type Report, reportUnknown } from "./lib/address-query.ts";
import { runSegment } from "./lib/run-segment.ts";

export type Routes = ReturnType<typeof routesOf>;

/** Every address of the dashboard is built here. All are of one tenant and namespace; their names need no escaping. */
export function routesOf({ tenant, namespace }: NamespaceView) {
  const root = `/${tenant}/${namespace}`;
  const runs = (params: Partial<RunsParams> = {}) => address(`${root}/runs`, serializeRunsParams(params));
  return {
    /** Of a list, by what its address has after the `?`. */
    listAddress: (list: SavedView["list"], query: string) =>
      address(`${root}/${list}`, new URLSearchParams(query)),
    view: ({ id, list, query }: Pick<SavedView, "id" | "list" | "query">) => {
      const asked = new URLSearchParams(query);
      asked.set("view", id);
      return address(`${root}/${list}`, asked);
    },
    overview: (params: Partial<OverviewParams> = {}) => address(root, serializeOverviewParams(params)),
    runs,
    run: (runId: string, params: Partial<RunParams> = {}) =>
      address(`${root}/runs/${runSegment(runId)}`, serializeRunParams(params)),
    /** Two runs beside each other; the other is chosen there. */
    compare: (run: string, other?: string) =>
      address(
        `${root}/compare`,
        serializeCompareParams({ run, with: other } satisfies Partial<CompareParams>),
      ),
    attention: (params: Partial<AttentionParams> = {}) =>
      address(`${root}/attention`, serializeAttentionParams(params)),
    jobs: (params: Partial<JobsParams> = {}) => address(`${root}/jobs`, serializeJobsParams(params)),
    timers: (params: Partial<TimersParams> = {}) => address(`${root}/timers`, serializeTimersParams(params)),
    /** What happened, in plain language. */
    case: (params: Partial<CaseParams> = {}) => address(`${root}/case`, serializeCaseParams(params)),
    owed: (params: Partial<OwedParams> = {}) => address(`${root}/owed`, serializeOwedParams(params)),
    /** Runs broken down, and sums of their numbers. */
    figures: (params: Partial<FiguresParams> = {}) =>
      address(`${root}/figures`, serializeFiguresParams(params)),
    analytics: (params: Partial<AnalyticsParams> = {}) =>
      address(`${root}/analytics`, serializeAnalyticsParams(params)),
    boards: () => `${root}/boards`,
    board: (boardId: string, params: Partial<BoardParams> = {}) =>
      address(`${root}/boards/${runSegment(boardId)}`, serializeBoardParams(params)),
    bulks: () => `${root}/bulk`,
    bulk: (bulkId: string, params: Partial<BulkParams> = {}) =>
      address(`${root}/bulk/${runSegment(bulkId)}`, serializeBulkParams(params)),
    system: () => `${root}/system`,
    alerts: () => `${root}/alerts`,
    approvals: () => `${root}/approvals`,
    audit: (params: Partial<AuditParams> = {}) => address(`${root}/audit`, serializeAuditParams(params)),
    tokens: () => `${root}/tokens`,
    account: () => `${root}/account`,
    quarantine: () => `${root}/quarantine`,
    runsOfStatus: (...status: ShownStatus[]) => runs({ status }),
  } as const;
}

const parsers = new Map<string, (query: URLSearchParams, report: Report) => unknown>([
  ["", (query, report) => parseOverviewParams(query, report)],
  ["runs", parseRunsParams],
  ["runs/", parseRunParams],
  ["compare", parseCompareParams],
  ["attention", parseAttentionParams],
  ["jobs", parseJobsParams],
  ["timers", parseTimersParams],
  ["owed", parseOwedParams],
  ["case", parseCaseParams],
  ["figures", parseFiguresParams],
  ["analytics", parseAnalyticsParams],
  ["audit", parseAuditParams],
  ["boards", (query, report) => reportUnknown(query, [], report)],
  ["boards/", parseBoardParams],
  ["bulk", (query, report) => reportUnknown(query, [], report)],
  ["bulk/", parseBulkParams],
  ["system", (query, report) => reportUnknown(query, [], report)],
  ["alerts", (query, report) => reportUnknown(query, [], report)],
  ["approvals", (query, report) => reportUnknown(query, [], report)],
  ["tokens", (query, report) => reportUnknown(query, [], report)],
  ["account", (query, report) => reportUnknown(query, [], report)],
  ["quarantine", (query, report) => reportUnknown(query, [], report)],
]);

/** What of an address can't be meant, in sentences. The page shows what is left of it. */
export function addressProblems(pathname: string, query: URLSearchParams): readonly string[] {
  const [, , , page = "", runId] = pathname.split("/");
  const problems: string[] = [];
  parsers.get(runId === undefined ? page : `${page}/`)?.(query, (problem) => problems.push(problem));
  return [...new Set(problems)];
}

/** The page of this namespace that corresponds to one of another. What is below it, such as a run, is the other's alone. */
export function samePage({ tenant, namespace }: NamespaceView, pathname: string): string {
  const [, , , page] = pathname.split("/");
  return page ? `/${tenant}/${namespace}/${page}` : `/${tenant}/${namespace}`;
}

const pages = [
  "",
  "runs",
  "compare",
  "attention",
  "jobs",
  "timers",
  "owed",
  "case",
  "bulk",
  "figures",
  "boards",
  "analytics",
  "system",
  "alerts",
  "approvals",
  "audit",
  "quarantine",
  "tokens",
  "account",
];

/** Whether the address names a page and no namespace, as all did when there was but one. */
export function isWithoutNamespace(pathname: string, served: readonly NamespaceView[]): boolean {
  const [, first = "", second = ""] = pathname.split("/");
  return pages.includes(first) && !served.some((each) => each.tenant === first && each.namespace === second);
}

export function withNamespace({ tenant, namespace }: NamespaceView, pathname: string): string {
  return `/${tenant}/${namespace}${pathname === "/" ? "" : pathname}`;
}

function address(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}
