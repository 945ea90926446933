import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
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
  it("leaves to the schema what it doesn't know", () => {
    const unknown = [
      [z.string().trim(), "a"],
      [z.string().default("x"), "a"],
      [z.coerce.number(), 1],
      [z.email(), "a@b.example"],
      [z.looseObject({ a: z.string() }), { a: "", b: 1 }],
      [z.object({ a: z.string().transform((text) => text.length) }), { a: "" }],
      [z.array(z.union([z.string(), z.number()])), [1]],
      [z.string().regex(/a/g), "a"],
    ] as const;
    for (const [schema, value] of unknown) expect(keptAsItIs(schema)(value)).toBe(false);
  });

  it("doesn't take what an object inherits for its field", () => {
    expect(keptAsItIs(z.object({ toString: z.unknown() }))({})).toBe(false);
    const labels = keptAsItIs(z.record(z.string(), z.string()));
    expect(labels(JSON.parse('{"a":"b"}'))).toBe(true);
    expect(labels(JSON.parse('{"__proto__":"b"}'))).toBe(false);
  });
});
