import { type FailureKind, failureKinds } from "@downbeat/domain";
import {
  type Report,
  readChoice,
  readText,
  reportUnknown,
  unreported,
} from "../../../../lib/address-query.ts";
import { parseRange, resolveRange, type TimeRange, writeRange } from "../../../../lib/time-range.ts";

/** Jobs that are not over, now. */
export const openShows = ["stuck", "waiting", "running", "backingOff"] as const;
/** What ended jobs, or attempts of them, in a period. */
export const outcomeShows = ["gotStuck", "failedAttempts", "rejected", "completed"] as const;

type OpenShow = (typeof openShows)[number];
type OutcomeShow = (typeof outcomeShows)[number];

export interface JobsParams {
  /** What ended with an error is not among these: `error` says which. */
  readonly show: OpenShow | OutcomeShow;
  /** Empty: of an error of the code of runs, which is of no job. */
  readonly jobType?: string | undefined;
  readonly workflow?: string | undefined;
  /** As the table of errors names it: some have an empty name. */
  readonly error?: string | undefined;
  readonly kind?: FailureKind | undefined;
  /** Of what ended. */
  readonly range: TimeRange;
}

const longestName = 100;
const longestError = 500;
const lastDay: TimeRange = { type: "last", preset: "24h" };

export function parseJobsParams(query: URLSearchParams, report: Report = unreported): JobsParams {
  reportUnknown(query, ["show", "job", "workflow", "error", "kind", "range", "from", "to"], report);
  const jobType = readText(query, "job", longestName, report);
  const workflow = readText(query, "workflow", longestName, report);
  const shown = {
    ...(jobType !== undefined && { jobType }),
    ...(workflow !== undefined && { workflow }),
    range: parseRange(query, lastDay, report),
  };
  const show = readChoice(query, "show", [...openShows, ...outcomeShows], report);
  const kind = readChoice(query, "kind", failureKinds, report);
  const hasEmptyName = kind !== undefined && query.get("error") === "";
  const error = hasEmptyName ? "" : readText(query, "error", longestError, report);
  if (error !== undefined && kind !== undefined) {
    if (show !== undefined) report("“error” says what is shown: “show” is left out.");
    const ofCode = query.get("job") === "" && { jobType: "" };
    return { ...shown, ...ofCode, show: "failedAttempts", error, kind };
  }
  if (error !== undefined || kind !== undefined)
    report("“error” and “kind” belong together: one alone is left out.");
  return { ...shown, show: show ?? "stuck" };
}

export function serializeJobsParams(params: Partial<JobsParams>): URLSearchParams {
  const query = new URLSearchParams();
  const isOfError = params.error !== undefined && params.kind !== undefined;
  if (isOfError) {
    query.set("error", params.error);
    query.set("kind", params.kind);
  } else if (params.show !== undefined && params.show !== "stuck") query.set("show", params.show);
  if (params.jobType || (isOfError && params.jobType !== undefined)) query.set("job", params.jobType);
  if (params.workflow) query.set("workflow", params.workflow);
  if (params.range !== undefined) writeRange(query, params.range, lastDay);
  return query;
}

export const isOfPeriod = ({ show, error }: JobsParams): boolean =>
  error !== undefined || outcomeShows.some((each) => each === show);

const whats = {
  gotStuck: "stuck",
  failedAttempts: "failedAttempts",
  rejected: "rejected",
  completed: "completed",
} as const satisfies Record<OutcomeShow, string>;

/** What the API is asked for; nothing where it is not about a period. */
export function outcomesQueryOf(params: JobsParams, now: number) {
  const { show, jobType, workflow, error, kind, range } = params;
  const outcome = outcomeShows.find((each) => each === show);
  const named = jobType !== undefined && { jobType };
  const of =
    error !== undefined && kind !== undefined
      ? { error, kind, ...named }
      : { what: whats[outcome ?? "completed"], ...named };
  return { of, ...(workflow !== undefined && { workflow }), ...resolveRange(range, now) };
}

const statuses = {
  stuck: "stuck",
  waiting: "scheduled",
  running: "running",
  backingOff: "backingOff",
} as const satisfies Record<OpenShow, string>;

export function openQueryOf({ show, jobType, workflow }: JobsParams) {
  const open = openShows.find((each) => each === show) ?? "stuck";
  return {
    status: [statuses[open]],
    ...(jobType !== undefined && { jobType }),
    ...(workflow !== undefined && { workflow }),
  };
}
