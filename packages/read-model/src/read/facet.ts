import { shownStatuses } from "../derive/shown-status.ts";
import type { FacetName, RunFilter } from "../views.ts";
import type { Part } from "./run-scan.ts";

const columns: Readonly<Record<FacetName, string>> = {
  workflow: "r.workflow",
  version: "coalesce(d.json ->> '$.build', '')",
  error: "coalesce(d.json ->> '$.failure.name', '')",
};

/** The facet of a run r with details d. */
export function facetColumn(by: FacetName): string {
  return columns[by];
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
