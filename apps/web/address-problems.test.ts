import { appRouter } from "@downbeat/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import {
  parseAnalyticsParams,
  serializeAnalyticsParams,
} from "./app/[tenant]/[namespace]/analytics/search-params.ts";
import {
  parseAttentionParams,
  serializeAttentionParams,
} from "./app/[tenant]/[namespace]/attention/search-params.ts";
import { parseAuditParams, serializeAuditParams } from "./app/[tenant]/[namespace]/audit/search-params.ts";
import {
  parseBoardParams,
  serializeBoardParams,
} from "./app/[tenant]/[namespace]/boards/[boardId]/search-params.ts";
import { parseCaseParams, serializeCaseParams } from "./app/[tenant]/[namespace]/case/search-params.ts";
import {
  parseCompareParams,
  serializeCompareParams,
} from "./app/[tenant]/[namespace]/compare/search-params.ts";
import {
  parseFiguresParams,
  serializeFiguresParams,
} from "./app/[tenant]/[namespace]/figures/search-params.ts";
import { parseJobsParams, serializeJobsParams } from "./app/[tenant]/[namespace]/jobs/search-params.ts";
import {
  owedQueryOf,
  parseOwedParams,
  serializeOwedParams,
} from "./app/[tenant]/[namespace]/owed/search-params.ts";
import { parseRunParams, serializeRunParams } from "./app/[tenant]/[namespace]/runs/[runId]/search-params.ts";
import { parseRunsParams, serializeRunsParams } from "./app/[tenant]/[namespace]/runs/search-params.ts";
import { parseOverviewParams, serializeOverviewParams } from "./app/[tenant]/[namespace]/search-params.ts";
import {
  parseTimersParams,
  serializeTimersParams,
  timersQueryOf,
} from "./app/[tenant]/[namespace]/timers/search-params.ts";
import { runFilterOf } from "./lib/run-filter.ts";
import { bucketFor, resolveRange } from "./lib/time-range.ts";
import { addressProblems } from "./routes.ts";

const now = Date.UTC(2026, 10, 27);

const names = ["from", "to", "range", "status", "workflow", "q", "label", "by", "sort", "event", "row"];
const more = [
  "kind",
  "job",
  "due",
  "types",
  "only",
  "error",
  "sql",
  "source",
  "rows",
  "view",
  "zoom",
  "path",
  "at",
  "run",
  "with",
  "all",
  "wall",
  "__proto__",
  "toString",
  "",
];
const oddities = [
  "-5",
  "0",
  "1e99",
  "99999999999999999999",
  "8640000000000001",
  "2026-02-31",
  "2026-11-23T25:00Z",
  "yesterday",
  "NaN",
  "stuck",
  "stuck,exploded",
  "exploded",
  "empty=",
  "=empty",
  "a=b",
  "a=b=c",
  "__proto__=x",
  "%",
  "100%",
  "1",
  "100",
  "all",
  "1h",
  "ended",
  "chart",
  "\u0000",
  "\ud800",
  "x".repeat(20_000),
];
const query = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom(...names, ...more), fc.string({ maxLength: 8 })),
      fc.oneof(
        fc.constantFrom(...oddities),
        fc.string({ maxLength: 300, unit: "binary" }),
        fc.integer().map(String),
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      ),
    ),
    { maxLength: 6 },
  )
  .map((pairs) => new URLSearchParams(pairs));

/** Of no effect: what is shown anyway. */
const usual = ["for=colleague", "range=1h", "range=all", "by=started", "view=table", "rows=1000"];

/** Whether there is such a view the page knows that has the list of them, and says so. */
function keepsView(shown: (query: URLSearchParams) => URLSearchParams) {
  return (query: URLSearchParams): URLSearchParams => {
    const kept = shown(query);
    if (query.has("view")) kept.set("view", query.get("view") ?? "");
    return kept;
  };
}

const pages: [path: string, shown: (query: URLSearchParams) => URLSearchParams][] = [
  ["", (query) => serializeOverviewParams(parseOverviewParams(query, undefined, now))],
  ["/runs", keepsView((query) => serializeRunsParams(parseRunsParams(query)))],
  ["/runs/r-1", (query) => serializeRunParams(parseRunParams(query))],
  ["/compare", (query) => serializeCompareParams(parseCompareParams(query))],
  ["/attention", (query) => serializeAttentionParams(parseAttentionParams(query))],
  ["/jobs", (query) => serializeJobsParams(parseJobsParams(query))],
  ["/timers", keepsView((query) => serializeTimersParams(parseTimersParams(query)))],
  ["/owed", keepsView((query) => serializeOwedParams(parseOwedParams(query)))],
  ["/case", (query) => serializeCaseParams(parseCaseParams(query))],
  ["/system", () => new URLSearchParams()],
  [
    "/analytics",
    (query) => {
      const params = parseAnalyticsParams(query);
      const shown = serializeAnalyticsParams(params);
      // A long one is in the editor, and too long to go back into the address.
      if (params.sql !== undefined) shown.set("sql", params.sql);
      return shown;
    },
  ],
  ["/audit", (query) => serializeAuditParams(parseAuditParams(query))],
  ["/figures", (query) => serializeFiguresParams(parseFiguresParams(query))],
  ["/boards", () => new URLSearchParams()],
  ["/boards/b-1", (query) => serializeBoardParams(parseBoardParams(query))],
  ["/alerts", () => new URLSearchParams()],
  ["/quarantine", () => new URLSearchParams()],
];

test.each(pages)("whatever an address of “%s” asks for is shown or said to be left out", (path, shown) => {
  fc.assert(
    fc.property(query, (asked) => {
      const problems = addressProblems(`/public/default${path}`, asked);
      const rest = shown(asked);
      for (const [name, value] of asked) {
        if (value === "" || name.startsWith("_") || usual.includes(`${name}=${value}`)) continue;
        if (!rest.has(name) && problems.length === 0)
          throw new Error(`${name}=${value} was left out without a word`);
      }
      for (const problem of problems) expect(problem.length).toBeLessThan(300);
    }),
    { numRuns: 300 },
  );
});

const procedure = z.custom<{ _def: { inputs: readonly z.ZodType[] } }>(
  (value) => typeof value === "function",
);

const input = (path: "runs.list" | "overview.get" | "timers.list" | "owed.list"): z.ZodType => {
  const [schema] = procedure.parse(Reflect.get(appRouter._def.procedures, path))._def.inputs;
  if (schema === undefined) throw new Error(`${path} takes no input`);
  return schema;
};

test("of what is asked for several times the first counts, and a zone that there is not is left out: both are said", () => {
  const problemsOf = (path: string) => {
    const [pathname = "", query] = `/public/default${path}`.split("?");
    return addressProblems(pathname, new URLSearchParams(query));
  };
  expect(problemsOf("/runs?status=&status=stuck")).toEqual([
    "“status” is given several times: the first counts.",
  ]);
  expect(problemsOf("/runs?label=a%3Db&label=c%3Dd")).toEqual([]);
  expect(problemsOf("/attention?tz=Mars")).toEqual([
    "“tz” is a time zone such as Europe/Berlin; “Mars” is none, so it is left out.",
  ]);
  expect(problemsOf("/attention?tz=Asia/Tokyo")).toEqual([]);
});

test("what ends in half a character is put into an address all the same", () => {
  expect(serializeAnalyticsParams({ sql: "SELECT '\ud83d'" }).get("sql")).toBe("SELECT '\ufffd'");
});

test("figures from an hour ago until a century from now can't be had, and the last hour takes their place", () => {
  const problems: string[] = [];
  const asked = new URLSearchParams("to=2126-11-27T00:00Z");
  const { range } = parseOverviewParams(asked, (problem) => problems.push(problem), now);
  expect(range).toEqual({ type: "last", preset: "1h" });
  expect(problems).toEqual(["Figures of more than 72 years can't be shown. The last hour is shown."]);
});

test("whatever an address asks for, the API takes what is made of it", () => {
  fc.assert(
    fc.property(query, (asked) => {
      const filter = runFilterOf(parseRunsParams(asked), now);
      expect(input("runs.list").safeParse({ filter, limit: 100 }).error).toBeUndefined();
      const due = timersQueryOf(parseTimersParams(asked), now);
      expect(input("timers.list").safeParse({ ...due, limit: 100 }).error).toBeUndefined();
      const owed = owedQueryOf(parseOwedParams(asked));
      expect(input("owed.list").safeParse({ ...owed, limit: 100 }).error).toBeUndefined();
      const { range, workflow } = parseOverviewParams(asked, undefined, now);
      const { from = now - 3_600_000, to = now } = resolveRange(range, now);
      const end = Math.max(to, from + 60_000);
      const bucketMs = bucketFor(Math.max(60_000, end - from));
      expect(
        input("overview.get").safeParse({ from, to: end, bucketMs, ...(workflow && { workflow }) }).error,
      ).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["/runs", "from=99999999999999999999", "“from” is a time such as"],
  ["/runs", "from=-5", "“-5” is not"],
  ["/runs", "status=exploded", "“exploded” is none of these"],
  ["/runs", "label=empty", "“empty” asks for no label"],
  ["/runs", "sort=-duration", "This page knows no “sort”"],
  ["/runs", `q=${"x".repeat(20_000)}`, "has 20000 characters; at most 200"],
  ["", "range=fortnight", "“fortnight” is none of these"],
  ["", "from=2026-11-23&to=2026-11-22", "“to” is not after “from”"],
  ["", "from=1970-01-01&to=9999-01-01", "more than 72 years"],
  ["/runs/r-1", "event=1.5", "“event” is a whole number"],
  ["/case", "lang=fr", "“fr” is none of these"],
  ["/owed", "amount=cents", "“amount” is such as input.price.cents"],
  ["/boards/b-1", "range=all", "“all” isn’t one"],
  ["/boards/b-1", "wall=2", "“2” is none of these"],
  ["/analytics", "rows=7", "“rows” is 100, 1000 or 10000"],
])("%s?%s is answered with a sentence", (path, text, sentence) => {
  expect(addressProblems(`/public/default${path}`, new URLSearchParams(text)).join(" ")).toContain(sentence);
});

test("an address that can be meant is shown without a word", () => {
  const fine =
    "status=stuck%2Cfailed&workflow=bookTrip&label=a%3Db&q=x&from=2026-11-23T14%3A00Z&by=ended&tz=UTC";
  expect(addressProblems("/public/default/runs", new URLSearchParams(fine))).toEqual([]);
});
