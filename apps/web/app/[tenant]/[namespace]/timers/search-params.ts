import type { TimerKind } from "@downbeat/api/views";
import {
  type Report,
  readChoice,
  readChoices,
  readText,
  readTime,
  reportUnknown,
  unreported,
} from "../../../../lib/address-query.ts";

/** In the order of the page. */
export const timerKinds = ["sleep", "signal", "backOff", "deadline"] as const satisfies TimerKind[];

export const duePresets = ["overdue", "1h", "24h", "7d"] as const;
export type DuePreset = (typeof duePresets)[number];

export interface TimersParams {
  readonly kind: readonly TimerKind[];
  readonly workflow?: string | undefined;
  readonly jobType?: string | undefined;
  readonly runId?: string | undefined;
  /** A period that moves along with now. */
  readonly due?: DuePreset | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Names every field, so that it clears them all when it is laid over others. */
export const noTimersParams: TimersParams = {
  kind: [],
  workflow: undefined,
  jobType: undefined,
  runId: undefined,
  due: undefined,
  from: undefined,
  to: undefined,
};

const longestName = 100;
const longestRunId = 200;

export function parseTimersParams(query: URLSearchParams, report: Report = unreported): TimersParams {
  reportUnknown(query, ["kind", "workflow", "job", "run", "due", "from", "to", "view"], report);
  const workflow = readText(query, "workflow", longestName, report);
  const jobType = readText(query, "job", longestName, report);
  const runId = readText(query, "run", longestRunId, report);
  return {
    kind: readChoices(query, "kind", timerKinds, report),
    ...(workflow !== undefined && { workflow }),
    ...(jobType !== undefined && { jobType }),
    ...(runId !== undefined && { runId }),
    ...readPeriod(query, report),
  };
}

function readPeriod(query: URLSearchParams, report: Report): Pick<TimersParams, "due" | "from" | "to"> {
  const due = readChoice(query, "due", duePresets, report);
  const [from, to] = [readTime(query, "from", report), readTime(query, "to", report)];
  if (due !== undefined) {
    if (from !== undefined || to !== undefined) report("“due” says when: “from” and “to” are left out.");
    return { due };
  }
  if (from !== undefined && to !== undefined && from >= to) {
    report("“to” is not after “from”: both are left out.");
    return {};
  }
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

export function serializeTimersParams(params: Partial<TimersParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (params.kind?.length) query.set("kind", params.kind.join(","));
  if (params.workflow) query.set("workflow", params.workflow);
  if (params.jobType) query.set("job", params.jobType);
  if (params.runId) query.set("run", params.runId);
  if (params.due !== undefined) query.set("due", params.due);
  if (params.from !== undefined) query.set("from", new Date(params.from).toISOString());
  if (params.to !== undefined) query.set("to", new Date(params.to).toISOString());
  return query;
}

const hour = 3_600_000;
const ahead = { overdue: 0, "1h": hour, "24h": 24 * hour, "7d": 7 * 24 * hour } as const;

/** What the API is asked for. */
export function timersQueryOf({ kind, due, from, to, ...names }: TimersParams, now: number) {
  const { workflow, jobType, runId } = names;
  const until = due === undefined ? to : now + ahead[due];
  return {
    ...(kind.length > 0 && { kind: [...kind] }),
    ...(workflow !== undefined && { workflow }),
    ...(jobType !== undefined && { jobType }),
    ...(runId !== undefined && { runId }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { to: until }),
  };
}

export function isNarrowed({ kind, ...others }: TimersParams): boolean {
  return kind.length > 0 || Object.values(others).some((value) => value !== undefined);
}
