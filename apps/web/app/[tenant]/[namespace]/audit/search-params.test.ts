import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type AuditParams,
  allAudit,
  auditOutcomes,
  parseAuditParams,
  serializeAuditParams,
} from "./search-params.ts";

const text = (most: number) =>
  fc.option(fc.string({ unit: "binary", minLength: 1, maxLength: most }), { nil: undefined });

const someParams: fc.Arbitrary<AuditParams> = fc.record({
  who: text(200),
  verb: text(100),
  on: text(200),
  outcome: fc.uniqueArray(fc.constantFrom(...auditOutcomes)),
  text: text(200),
  range: fc.constantFrom(
    { type: "all" } as const,
    { type: "last", preset: "24h" } as const,
    {
      type: "between",
      from: 1_000,
      to: 2_000,
    } as const,
  ),
});

test("an address says what was chosen", () => {
  fc.assert(
    fc.property(someParams, (params) => {
      const wellFormed = { ...params };
      for (const name of ["who", "verb", "on", "text"] as const)
        wellFormed[name] = params[name]?.toWellFormed();
      expect(parseAuditParams(serializeAuditParams(wellFormed))).toEqual(wellFormed);
    }),
  );
});

test("what can't be meant is left out, and said", () => {
  const problems: string[] = [];
  const query = new URLSearchParams({ outcome: "done,lost", who: "x".repeat(201), since: "now" });
  expect(parseAuditParams(query, (problem) => problems.push(problem))).toEqual({
    ...allAudit,
    outcome: ["done"],
  });
  expect(problems).toHaveLength(3);
});
