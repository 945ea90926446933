import fc from "fast-check";
import { expect, test } from "vitest";
import { maxPayloadBytes, maxPayloadLevels, nestingProblem, payloadProblem } from "../src/index.ts";

/** One code unit at each place where UTF-8 or UTF-16 changes. */
const edges = [0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff];
const unit = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: 0, max: 0xffff }));
const piece = fc
  .array(unit, { minLength: 1, maxLength: 12 })
  .map((units) => String.fromCharCode(...units))
  // So that what is between two pieces counts for what it is in each of them.
  .map((text) => `a${text}a`);

/** As JSON writes it: half of a surrogate pair is an escape. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text.replaceAll(/\p{Surrogate}/gu, "\\ud800"));
}

test("a payload is measured in bytes of UTF-8, whatever is in it, halves of pairs included", () => {
  fc.assert(
    fc.property(piece, (text) => {
      const most = Math.floor(maxPayloadBytes / bytesOf(text));
      expect(payloadProblem("The input", text.repeat(most))).toBeUndefined();
      const tooLong = text.repeat(most + 1);
      expect(payloadProblem("The input", tooLong)).toBe(
        `The input is ${bytesOf(tooLong)} bytes of JSON; the limit is ${maxPayloadBytes}.`,
      );
    }),
    { numRuns: 40 },
  );
});

test.each(edges.flatMap((first) => edges.map((second) => [first, second] as const)))(
  "a payload with the code units %i and %i side by side is measured as it is written",
  (first, second) => {
    const text = `${String.fromCharCode(first, second)}${"a".repeat(maxPayloadBytes)}`;
    expect(payloadProblem("It", text)).toMatch(`It is ${bytesOf(text)} bytes`);
  },
);

test("a payload may be exactly as long as the limit says", () => {
  expect(payloadProblem("The output", "x".repeat(maxPayloadBytes))).toBeUndefined();
  expect(payloadProblem("The output", "x".repeat(maxPayloadBytes + 1))).toMatch("131073 bytes");
});

test("a payload's levels are counted outside of its texts", () => {
  const nested = (levels: number, inside: string) => "[".repeat(levels) + inside + "]".repeat(levels);
  const odd = JSON.stringify(`[{"\\${"[".repeat(5_000)}`);
  for (const inside of ["", odd, '{"a":1}'.slice(0, 0)]) {
    expect(nestingProblem("The input", nested(maxPayloadLevels, inside))).toBeUndefined();
    expect(nestingProblem("The input", nested(maxPayloadLevels + 1, inside))).toBe(
      "The input is nested 1001 levels deep; the limit is 1000.",
    );
  }
  expect(nestingProblem("It", nested(500, nested(500, '{"a":[]}')))).toMatch("1002 levels");
  for (const beside of ["[],", "{},"])
    expect(nestingProblem("It", `[${beside.repeat(5_000)}[]]`)).toBeUndefined();
});
