import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonFile } from "./parse-json-file.ts";

test.each([
  ["", 1, 1],
  ["{", 1, 2],
  ['{"a": hunter2}', 1, 7],
  ['{\n  "secret": "hunter2"\n  "b": 1\n}', 3, 3],
  ['{\n  "a": 1,\n}', 3, 1],
  ["[1, 2] x", 1, 8],
  ['{"a": "hunter2\n"}', 1, 7],
  ["\ufeff{}", 1, 1],
  ["[01]", 1, 3],
  ['{"a": {}, "b": [], x}', 1, 20],
  ['[{"a": [1]}, {}, [] x]', 1, 21],
  ['[{ "a" : 1 , "b" }]', 1, 18],
  ['{"a": [1, {"b": 2}}', 1, 19],
  ["[1 2]", 1, 4],
  ['{"a" 1}', 1, 6],
  ['{"a": 1 "b"}', 1, 9],
  ["{ }x", 1, 4],
  ["[ ]x", 1, 4],
  ["[[1, x], 2]", 1, 6],
  ['{"a": 1, }', 1, 10],
])("of %j is said where it is none, and nothing of it", (text, line, column) => {
  expect(() => parseJsonFile(text)).toThrow(
    new Error(`it is no JSON from line ${line}, column ${column} on`),
  );
});

test("whatever is JSON is read, and whatever was broken has a place up to which it was JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), fc.string({ minLength: 1, maxLength: 3 }), (value, at, more) => {
      const whole = JSON.stringify(value, undefined, 1);
      expect(parseJsonFile(whole)).toEqual(JSON.parse(whole));
      const broken = whole.slice(0, at % whole.length) + more + whole.slice(at % whole.length);
      let reason: unknown;
      try {
        parseJsonFile(broken);
      } catch (error) {
        reason = error;
      }
      if (reason === undefined) return;
      const [, line, column] =
        /^Error: it is no JSON from line (\d+), column (\d+) on$/.exec(String(reason)) ?? [];
      const lines = broken.split("\n");
      expect(Number(line)).toBeLessThanOrEqual(lines.length);
      expect(Number(column)).toBeLessThanOrEqual((lines[Number(line) - 1]?.length ?? 0) + 1);
    }),
  );
});

test("what is too deep for anybody's file ends with a sentence, too", () => {
  expect(() => parseJsonFile("[".repeat(100_000))).toThrow("it is no JSON from line 1, column 502 on");
});
