import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonDifferences } from "./json-differences.ts";

describe("two JSON texts differ", () => {
  test("at the places where they say something else", () => {
    expect(
      jsonDifferences(
        '{"trip":{"legs":[1,2],"city":"Rome"},"nights":3,"gone":null}',
        '{ "nights": 4, "trip": {"city":"Rome","legs":[1,5,{"a b":0}]}, "new": true }',
      ).found,
    ).toEqual([
      { path: "trip.legs[1]", before: "2", after: "5" },
      { path: "trip.legs[2]", after: '{"a b":0}' },
      { path: "nights", before: "3", after: "4" },
      { path: "gone", before: "null" },
      { path: "new", after: "true" },
    ]);
  });

  test("in a digit that a number of JavaScript can't hold", () => {
    expect(jsonDifferences("3544790567247868102", "3544790567247868101").found).toEqual([
      { path: "", before: "3544790567247868102", after: "3544790567247868101" },
    ]);
    expect(jsonDifferences('{"a-b":1.10}', '{"a-b":1.1}').found).toEqual([
      { path: '["a-b"]', before: "1.10", after: "1.1" },
    ]);
  });

  test("not in the way a text is escaped, nor in spaces", () => {
    expect(jsonDifferences('["\\u0041",  1]', '["A",1]').found).toEqual([]);
  });

  test("also where one of them is no JSON, or is not there", () => {
    expect(jsonDifferences("{", "{").found).toEqual([]);
    expect(jsonDifferences("{", "1").found).toEqual([{ path: "", before: "{", after: "1" }]);
    expect(jsonDifferences(undefined, "1").found).toEqual([{ path: "", after: "1" }]);
    expect(jsonDifferences(undefined, undefined).found).toEqual([]);
  });

  test("in no more than 200 places, which is said", () => {
    const list = (value: number) => JSON.stringify(Array.from({ length: 1_000 }, () => value));
    const { found, isCut } = jsonDifferences(list(1), list(2));
    expect([found.length, isCut]).toEqual([200, true]);
  });
});

test("whatever the values: equal ones have no difference, however they are written, and others have one", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      expect(jsonDifferences(JSON.stringify(one), JSON.stringify(one, undefined, 3)).found).toEqual([]);
      const isEqual = isSame(one, other);
      expect(jsonDifferences(JSON.stringify(one), JSON.stringify(other)).found.length === 0).toBe(isEqual);
    }),
  );
});

function isSame(one: unknown, other: unknown): boolean {
  const sorted = (_: string, value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(one, sorted) === JSON.stringify(other, sorted);
}
