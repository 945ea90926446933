import type { DurationRange, FacetName, RunFacet } from "@downbeat/api/views";
import { type Report, readWhole, shown } from "./address-query.ts";
import { formatDuration } from "./duration.ts";

const names = ["workflow", "version", "error"] as const satisfies readonly FacetName[];
const mostFacets = 10;
const mostValues = 20;
const longestValue = 500;
const longestMs = 8.64e15;

/** `facet=error=TypeError`, `facet=version!=7`: of one name those with `=` are together one of several, those with `!=` none of them. */
export function parseFacets(query: URLSearchParams, report: Report): readonly RunFacet[] | undefined {
  const found = new Map<string, { by: FacetName; not: boolean; values: string[] }>();
  for (const text of query.getAll("facet")) {
    const [, name, sign, value = ""] = /^([a-z]+)(!?=)(.*)$/s.exec(text) ?? [];
    const by = names.find((known) => known === name);
    if (by === undefined || value.length > longestValue) {
      report(`“facet” is such as error=TypeError or version!=7; ${shown(text)} is not, so it is left out.`);
      continue;
    }
    const key = `${by}${sign}`;
    const known = found.get(key) ?? { by, not: sign === "!=", values: [] };
    if (known.values.length >= mostValues || (found.size >= mostFacets && !found.has(key))) {
      report(`Too many facets are asked for: ${shown(text)} is left out.`);
      continue;
    }
    if (!known.values.includes(value)) known.values.push(value);
    found.set(key, known);
  }
  if (found.size === 0) return undefined;
  return [...found.values()].map(({ by, values, not }) => ({ by, values, ...(not && { not }) }));
}

export function writeFacets(query: URLSearchParams, facets: readonly RunFacet[] = []): void {
  for (const { by, values, not } of facets)
    for (const value of values) query.append("facet", `${by}${not === true ? "!=" : "="}${value}`);
}

/** Durations in ms: `atLeast=1000&below=3000`. */
export function parseTook(query: URLSearchParams, report: Report): DurationRange | undefined {
  const from = readWhole(query, "atLeast", longestMs, report);
  const to = readWhole(query, "below", longestMs, report);
  if (from === undefined && to === undefined) return undefined;
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

export function writeTook(query: URLSearchParams, { from, to }: DurationRange = {}): void {
  if (from !== undefined && from > 0) query.set("atLeast", String(from));
  if (to !== undefined) query.set("below", String(to));
}

/** `missed=10000`: did not complete within so many ms. */
export function parseMissed(query: URLSearchParams, report: Report): number | undefined {
  return readWhole(query, "missed", longestMs, report);
}

const without: Readonly<Record<FacetName, string>> = {
  workflow: "no workflow",
  version: "no version yet",
  error: "no error",
};

/** `error TypeError`, `version neither 7 nor 8` */
export function facetWords({ by, values, not }: RunFacet): string {
  const words = values.map((value) => (value === "" ? without[by] : value));
  const [first = ""] = words;
  if (words.length === 1) return not === true ? `${by} not ${first}` : `${by} ${first}`;
  return not === true ? `${by} none of ${words.join(", ")}` : `${by} ${words.join(" or ")}`;
}

export function tookWords({ from = 0, to }: DurationRange): string {
  if (to === undefined) return `took ${formatDuration(from)} or longer`;
  return from === 0
    ? `took less than ${formatDuration(to)}`
    : `took ${formatDuration(from)} to ${formatDuration(to)}`;
}

export function missedWords(withinMs: number): string {
  return `did not complete within ${formatDuration(withinMs)}`;
}
