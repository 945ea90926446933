import { shownStatuses } from "../derive/shown-status.ts";
import type { FacetName, RunFacet, RunFilter } from "../views.ts";
import { byEnd, byEndTime, byId, byNumber, type Part, type Range, type RunScan } from "./run-scan.ts";

const columns: Readonly<Record<FacetName, string>> = {
  workflow: "r.workflow",
  version: "coalesce(d.json ->> '$.build', '')",
  error: "coalesce(d.json ->> '$.failure.name', '')",
};

/** The facet of a run r with details d. */
export function facetColumn(by: FacetName): string {
  return columns[by];
}

const indexes = {
  version: { index: "run_details_by_version", expression: "d.json ->> '$.build'" },
  error: { index: "run_details_by_error", expression: "d.json ->> '$.failure.name'" },
} as const;

/**
 * Walks that together give every run with one of the facet's values, in the order of starts; `undefined` where no index leads to them, as to runs without
 * the facet.
 */
export function facetWalks({ by, values, not }: RunFacet, range: Range): RunScan[] | undefined {
  if (by === "workflow" || not === true || values.includes("")) return undefined;
  const { index, expression } = indexes[by];
  const { sql, values: bounds } = byNumber("d.id", range);
  return [...new Set(values)].map((value) => ({
    walk: {
      sql: `SELECT d.id AS id, d.id AS at FROM run_details d INDEXED BY ${index} WHERE ${expression} = ? AND ${sql}`,
      values: [value, ...bounds],
    },
    order: byId,
    rest: [],
  }));
}

/** The same in the order of ends. Sorted at each question, so only for what few runs have. */
export function endedFacetWalks({ by, values, not }: RunFacet, range: Range): RunScan[] | undefined {
  if (by === "workflow" || not === true || values.includes("")) return undefined;
  const { index, expression } = indexes[by];
  const { sql, values: bounds } = byEndTime(range);
  return [...new Set(values)].map((value) => ({
    walk: {
      sql: `SELECT d.id AS id, r.ended_at AS at FROM run_details d INDEXED BY ${index} CROSS JOIN runs r ON r.id = d.id
        WHERE ${expression} = ? AND ${sql}`,
      values: [value, ...bounds],
    },
    order: byEnd,
    rest: [],
  }));
}

/** Conditions on a candidate. */
export function facetParts({
  facets = [],
  took = {},
  missed,
}: Pick<RunFilter, "facets" | "took" | "missed">): Part[] {
  const parts: Part[] = facets.map(({ by, values, not }) => ({
    sql: `${facetColumn(by)} ${not === true ? "NOT IN" : "IN"} (${values.map(() => "?").join(", ")})`,
    values,
  }));
  if (took.from !== undefined) parts.push({ sql: "r.ended_at - r.started_at >= ?", values: [took.from] });
  if (took.to !== undefined) parts.push({ sql: "r.ended_at - r.started_at < ?", values: [took.to] });
  if (missed !== undefined) parts.push(missedPart(missed));
  return parts;
}

const completed = shownStatuses.indexOf("completed");

/** That a run r is over, and did not complete within so many ms. */
export function missedPart(withinMs: number): Part {
  return {
    sql: `r.ended_at IS NOT NULL AND (r.shown <> ${completed} OR r.ended_at - r.started_at > ?)`,
    values: [withinMs],
  };
}
