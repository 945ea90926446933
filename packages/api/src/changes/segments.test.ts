import fc from "fast-check";
import { expect, test } from "vitest";
import { segmentsBetween, withSegments } from "./segments.ts";

const entry = fc.record({ id: fc.nat(6), text: fc.string({ maxLength: 3 }) });
const texts = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one));

test("whatever changed, the segments make the list that there is of the list that was", () => {
  fc.assert(
    fc.property(fc.array(entry), fc.array(entry), (before, after) => {
      expect(withSegments(before, segmentsBetween(texts(before), after, texts(after)))).toEqual(after);
    }),
  );
});

test("what stayed is not told again, wherever it stands", () => {
  const before = ["a", "b", "c", "d", "e"];
  expect(segmentsBetween(texts(before), before, texts(before))).toEqual([{ from: 0, count: 5 }]);
  expect(
    segmentsBetween(
      texts(before),
      ["a", "b", "x", "d", "e", "y", "z"],
      texts(["a", "b", "x", "d", "e", "y", "z"]),
    ),
  ).toEqual([{ from: 0, count: 2 }, { put: ["x"] }, { from: 3, count: 2 }, { put: ["y", "z"] }]);
  expect(segmentsBetween(texts(before), ["e", "a", "b"], texts(["e", "a", "b"]))).toEqual([
    { from: 4, count: 1 },
    { from: 0, count: 2 },
  ]);
  expect(segmentsBetween([], [], [])).toEqual([]);
});
