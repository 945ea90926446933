import type { RunFacet } from "@downbeat/api/views";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  facetWords,
  missedWords,
  parseFacets,
  parseMissed,
  parseTook,
  tookWords,
  writeFacets,
  writeTook,
} from "./run-facets.ts";

const facet = fc.record({
  by: fc.constantFrom("workflow" as const, "version" as const, "error" as const),
  values: fc.uniqueArray(fc.string({ unit: "binary", maxLength: 40 }), { minLength: 1, maxLength: 8 }),
  not: fc.boolean(),
});

test("facets survive their address, whatever their values are", () => {
  const several = fc.uniqueArray(facet, { selector: ({ by, not }) => `${by} ${not}`, maxLength: 6 });
  fc.assert(
    fc.property(several, (drawn) => {
      const facets = drawn.map(({ not, ...rest }): RunFacet => ({ ...rest, ...(not && { not }) }));
      const query = new URLSearchParams();
      writeFacets(query, facets);
      const problems: string[] = [];
      const read = parseFacets(new URLSearchParams(query.toString()), (problem) => problems.push(problem));
      // Half of a pair of surrogates can't be written in an address.
      if (facets.some(({ values }) => values.some((value) => !value.isWellFormed()))) return;
      expect(read ?? []).toEqual(facets);
      expect(problems).toEqual([]);
    }),
  );
});

test("a range of durations survives its address", () => {
  for (const took of [{ from: 1_000, to: 3_000 }, { to: 100 }, { from: 3_000 }]) {
    const query = new URLSearchParams();
    writeTook(query, took);
    expect(parseTook(query, () => {})).toEqual(took);
  }
});

test.each(["facet=x", "facet=status=1", "facet=error", "facet="])("%s is said to be none", (address) => {
  const problems: string[] = [];
  expect(parseFacets(new URLSearchParams(address), (problem) => problems.push(problem))).toBeUndefined();
  expect(problems).toHaveLength(1);
});

test("facets are told in words", () => {
  expect(facetWords({ by: "error", values: ["TypeError"] })).toBe("error TypeError");
  expect(facetWords({ by: "error", values: [""] })).toBe("error no error");
  expect(facetWords({ by: "version", values: ["7", "8"], not: true })).toBe("version none of 7, 8");
  expect(tookWords({ from: 1_000, to: 3_000 })).toBe("took 1.00 s to 3.00 s");
  expect(tookWords({ to: 100 })).toBe("took less than 100 ms");
});

test("a limit that runs missed is read from the address, and what is none is said", () => {
  const problems: string[] = [];
  const read = (address: string) => parseMissed(new URLSearchParams(address), (text) => problems.push(text));
  expect(read("missed=10000")).toBe(10_000);
  expect(problems).toEqual([]);
  for (const address of ["missed=0", "missed=-5", "missed=soon", "missed=99999999999999999"])
    expect(read(address)).toBeUndefined();
  expect(problems).toHaveLength(4);
  expect(missedWords(10_000)).toBe("did not complete within 10.0 s");
});
