import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import { historyRecord } from "./history-record.ts";
import { runCommand } from "./inbox-message.ts";
import { jobMessage } from "./job-message.ts";
import { keptAsItIs } from "./kept-as-it-is.ts";
import { anyOf, spoilt } from "./test/schema-values.ts";

const seed = 20_261_126;

/** What the schema itself says. */
function isKept(schema: z.ZodType, json: unknown): boolean {
  const parsed = schema.safeParse(json);
  return parsed.success && isDeepStrictEqual(parsed.data, json);
}

describe.each([
  ["a record of history", historyRecord],
  ["a command", runCommand],
  ["a job message", jobMessage],
])("The quick check of %s", (_, schema) => {
  const keeps = keptAsItIs(schema);
  const valid = anyOf(schema);

  it("knows all that the schema lets through", () => {
    fc.assert(
      fc.property(valid, (json) => {
        expect(schema.safeParse(json).data).toEqual(json);
        expect(keeps(json)).toBe(true);
      }),
      { seed, numRuns: 2_000 },
    );
  });

  it("says of what is odd in one or more places just what the schema says", () => {
    const counts = { kept: 0, not: 0 };
    fc.assert(
      fc.property(valid.chain(spoilt), (json) => {
        const kept = keeps(json);
        counts[kept ? "kept" : "not"] += 1;
        expect(kept).toBe(isKept(schema, json));
      }),
      { seed, numRuns: 5_000 },
    );
    // Else the generator is at fault.
    expect(counts.kept).toBeGreaterThan(100);
    expect(counts.not).toBeGreaterThan(100);
  });

  it("says just what the schema says of any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(keeps(json)).toBe(isKept(schema, json));
      }),
      { seed, numRuns: 1_000 },
    );
  });
});

describe("The quick check", () => {
  it.each([
    ["any text", z.string(), ""],
    ["a text made of anything", z.coerce.string(), "a"],
    ["any number", z.number(), -0.5],
    ["a whole number", z.number().int(), 2],
    ["anything", z.unknown(), [{ a: null }]],
    ["an object that holds anything", z.object({ a: z.unknown() }), { a: null }],
    ["an object that may hold more", z.looseObject({ a: z.string() }), { a: "" }],
    ["more than a bound", z.number().gt(1).lt(2), 1.5],
    ["a bound", z.number().min(1).max(1), 1],
    ["a text measured in code points", z.string().min(3).max(3), "\u{1f3d4}\u{1f3d4}a"],
    ["a list of some length", z.array(z.string()).min(2).max(2), ["", ""]],
    ["one of some words", z.enum(["a", "b"]), "b"],
    ["labels", z.record(z.string(), z.string()), { a: "b", c: "" }],
    [
      "one of two kinds",
      z.discriminatedUnion("kind", [
        z.object({ kind: z.literal(["a", "b"]), size: z.number().optional() }),
        z.object({ kind: z.literal("c") }),
      ]),
      { kind: "b" },
    ],
  ])("knows %s", (_, schema, json) => {
    expect(keptAsItIs(schema)(json)).toBe(true);
  });

  const kinds = z.union([z.object({ kind: z.literal("a") }), z.object({ kind: z.literal("b") })]);

  it.each([
    ["a text that is trimmed", z.string().trim(), ["a", " a"]],
    ["a text in place of none", z.string().default("x"), ["a"]],
    ["an address", z.email(), ["a@b.example", "a"]],
    ["a text of a kind with more to it than its pattern", z.string().check(z.base64()), ["a", "aaaa", "\n"]],
    ["a text that begins somehow", z.string().startsWith("a"), ["a", "b", "a\nb"]],
    ["a pattern that remembers where it was", z.string().regex(/a/g), ["a", "aa", "b"]],
    ["a pattern that goes on where it was", z.string().regex(/a/y), ["a", "aa", "ba"]],
    ["a number of its own kind", z.int(), [1, 0.5]],
    ["a number of few bits", z.number().check(z.int32()), [1, 0.5, 2 ** 40]],
    ["what is changed", z.object({ a: z.string().transform((text) => text.length) }), [{ a: "" }]],
    ["one of two types", z.array(z.union([z.string(), z.number()])), [[1], ["a"]]],
    ["one of two kinds that nothing tells apart", kinds, [{ kind: "a" }, { kind: "c" }]],
    ["numbers with names", z.enum({ Low: 0, 0: "Low" }), ["Low", 0]],
    ["a word or a number", z.literal(["a", 1]), ["a", 1, "1"]],
    ["a number of any length", z.literal(1n), [1]],
    ["what an own check says more about", z.string().superRefine(() => {}), ["a"]],
  ])("leaves %s to the schema", (_, schema, values) => {
    for (const value of values) expect(keptAsItIs(schema)(value)).toBe(false);
  });

  it.each([
    ["bounds", z.number().gt(1).lt(2), [1, 2, 0.5, 2.5, "1.5"]],
    ["closed bounds", z.number().min(1).max(2), [0.5, 1, 2, 2.5]],
    [
      "lengths",
      z.string().min(3).max(3),
      ["\u{1f3d4}\u{1f3d4}", "\u{1f3d4}\u{1f3d4}\u{1f3d4}", "aa", "aaaa"],
    ],
    ["lists", z.array(z.string()).min(2).max(3), [[""], ["", "", "", ""], {}, ["", 1]]],
    ["made of anything", z.coerce.number(), ["1", 1, null]],
    ["open objects", z.looseObject({ a: z.string() }), [{ a: "", b: 1 }, { a: 1 }, { b: "" }]],
    ["closed objects", z.strictObject({ a: z.string() }), [{ a: "", b: 1 }, { a: 1 }, { a: "" }]],
    [
      "numbered kinds",
      z.discriminatedUnion("v", [z.object({ v: z.literal(1) })]),
      [{ v: 1 }, { v: "1" }, {}],
    ],
    ["literals that JSON has not", z.literal([Number.NaN, "a"]), [null, "a"]],
  ])("never says yes where the schema says no: %s", (_, schema, values) => {
    const keeps = keptAsItIs(schema);
    for (const value of values)
      expect([value, keeps(value) && !isKept(schema, value)]).toEqual([value, false]);
  });

  it("leaves everything to the schema where functions may not be made of text", () => {
    vi.stubGlobal("Function", () => {
      throw new EvalError("Code generation from strings disallowed");
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    expect(keptAsItIs(z.string())("a")).toBe(false);
  });

  it("doesn't take what an object inherits for its field", () => {
    expect(keptAsItIs(z.object({ toString: z.unknown() }))({})).toBe(false);
    const labels = keptAsItIs(z.record(z.string(), z.string()));
    expect(labels(JSON.parse('{"a":"b"}'))).toBe(true);
    expect(labels(JSON.parse('{"__proto__":"b"}'))).toBe(false);
  });
});
