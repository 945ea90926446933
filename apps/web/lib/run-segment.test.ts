import fc from "fast-check";
import { expect, test } from "vitest";
import { runIdOf, runSegment } from "./run-segment.ts";

const runId = fc.oneof(
  fc.constantFrom("100%", "%", "50%25", "a%2Fb", "~25", "~7E25", "%7E25", "ü", "🚲", "a?b#c&d=e+f"),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }).filter((id) => id.isWellFormed()),
);

test("every run id survives its address, decoded on the way or not", () => {
  fc.assert(
    fc.property(runId, (id) => {
      expect(runIdOf(runSegment(id))).toBe(id);
      expect(runIdOf(decodeURIComponent(runSegment(id)))).toBe(id);
      expect(runSegment(id)).not.toContain("%25");
    }),
  );
});

test("addresses that were written by hand are read as well", () => {
  expect(runIdOf("order-7")).toBe("order-7");
  expect(runIdOf("100%")).toBe("100%");
  expect(runIdOf("100%25")).toBe("100%");
  expect(runIdOf("Z%C3%BCrich")).toBe("Zürich");
});
