import type { DurationRange, RunFacet, ShownStatus } from "@downbeat/api/views";
import { type LabelClause, labelsText, type ParsedLabels, parseLabels } from "@downbeat/domain";
import { withClause } from "../../../../features/runs/label-clauses.ts";
import {
  type Report,
  readChoice,
  readChoices,
  readText,
  reportUnknown,
  shown,
  unreported,
} from "../../../../lib/address-query.ts";
import { parseFacets, parseMissed, parseTook, writeFacets, writeTook } from "../../../../lib/run-facets.ts";
import { runStatuses } from "../../../../lib/status.ts";
import { parseRange, rangeNames, type TimeRange, writeRange } from "../../../../lib/time-range.ts";

/** Which time of a run a range is about: charts count runs by their start, and ended ones by their end. */
export type TimeField = "started" | "ended";

export interface RunsParams {
  readonly status: readonly ShownStatus[];
  readonly workflow?: string | undefined;
  /** All of them have to hold. */
  readonly labels: readonly LabelClause[];
  readonly text?: string | undefined;
  /** Said in an input, an output, a signal or an error. Goes with a range that has a beginning. */
  readonly content?: string | undefined;
  /** What a figure that was broken down opens. */
  readonly facets?: readonly RunFacet[] | undefined;
  readonly took?: DurationRange | undefined;
  /** That did not complete within so many ms. */
  readonly missed?: number | undefined;
  readonly range: TimeRange;
  readonly by: TimeField;
}

const allTime: TimeRange = { type: "all" };

/** Names every field, so that it clears them all when it is laid over others. */
export const noRunsParams: RunsParams = {
  status: [],
  workflow: undefined,
  labels: [],
  text: undefined,
  content: undefined,
  facets: undefined,
  took: undefined,
  missed: undefined,
  range: allTime,
  by: "started",
};

/** What can be asked of the runs: the API's own limits. */
export const longest = { workflow: 100, text: 200, content: 200, labelKey: 60, labelValue: 200 } as const;
export const mostClauses = 10;
const mostJoined = 20;

export function parseRunsParams(query: URLSearchParams, report: Report = unreported): RunsParams {
  reportUnknown(
    query,
    [
      ...rangeNames,
      "status",
      "workflow",
      "q",
      "content",
      "label",
      "by",
      "facet",
      "atLeast",
      "below",
      "missed",
      "view",
    ],
    report,
    ["label", "facet"],
  );
  const facets = parseFacets(query, report);
  const took = parseTook(query, report);
  const missed = parseMissed(query, report);
  const workflow = readText(query, "workflow", longest.workflow, report);
  const text = readText(query, "q", longest.text, report);
  const content = readText(query, "content", longest.content, report);
  const range = parseRange(query, allTime, report);
  return {
    status: readChoices(query, "status", runStatuses, report),
    labels: readLabels(query, report),
    range: content === undefined ? range : withBeginning(range),
    by: readChoice(query, "by", ["started", "ended"], report) ?? "started",
    ...(workflow === undefined ? {} : { workflow }),
    ...(text === undefined ? {} : { text }),
    ...(content === undefined ? {} : { content }),
    ...(facets === undefined ? {} : { facets }),
    ...(took === undefined ? {} : { took }),
    ...(missed === undefined ? {} : { missed }),
  };
}

const dayMs = 86_400_000;

/** Each run of the range is looked into, so it can't be all time. */
export function withBeginning(range: TimeRange): TimeRange {
  if (range.type === "all") return { type: "last", preset: "24h" };
  if (range.type === "last" || range.from !== undefined || range.to === undefined) return range;
  return { ...range, from: Math.max(0, range.to - dayMs) };
}

export function readLabels(
  query: URLSearchParams,
  report: Report,
  most = mostClauses,
): readonly LabelClause[] {
  let clauses: readonly LabelClause[] = [];
  for (const text of query.getAll("label")) {
    const asked = parseConditions(text);
    if ("problem" in asked) {
      report(`${asked.problem} It is left out.`);
      continue;
    }
    for (const clause of asked.clauses)
      if (clauses.length < most) clauses = withClause(clauses, clause);
      else
        report(
          `At most ${most} conditions on labels are allowed: ${shown(labelsText([clause]))} is left out.`,
        );
  }
  return clauses;
}

/** Conditions on labels that the API takes, or why it doesn't. */
export function parseConditions(text: string): ParsedLabels {
  const parsed = parseLabels(text);
  if ("problem" in parsed) return parsed;
  const problem = parsed.clauses.map(problemOf).find((one) => one !== undefined);
  return problem === undefined ? parsed : { problem };
}

function problemOf(clause: LabelClause): string | undefined {
  if (clause.length > mostJoined) return `OR joins at most ${mostJoined} conditions.`;
  for (const { key, value = "" } of clause) {
    if (key.length > longest.labelKey || value.length > longest.labelValue)
      return `No label is as long as ${shown(`${key}=${value}`)}.`;
    if (key === "__proto__") return "No label is named “__proto__”.";
  }
  return undefined;
}

export function writeLabels(query: URLSearchParams, labels: readonly LabelClause[] = []): void {
  for (const clause of labels) query.append("label", labelsText([clause]));
}

export function serializeRunsParams(params: Partial<RunsParams>): URLSearchParams {
  const query = new URLSearchParams();
  if (params.status?.length) query.set("status", params.status.join(","));
  if (params.workflow) query.set("workflow", params.workflow);
  writeLabels(query, params.labels);
  if (params.text) query.set("q", params.text);
  if (params.content) query.set("content", params.content);
  writeFacets(query, params.facets);
  writeTook(query, params.took);
  if (params.missed !== undefined) query.set("missed", String(params.missed));
  if (params.range !== undefined) writeRange(query, params.range, allTime);
  if (params.by === "ended") query.set("by", "ended");
  return query;
}
