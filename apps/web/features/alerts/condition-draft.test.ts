import fc from "fast-check";
import { expect, test } from "vitest";
import { conditionOf, draftOf, emptyDraft, kindWords } from "./condition-draft.ts";

const kinds = Object.keys(kindWords) as (keyof typeof kindWords)[];
const filter = fc.record(
  {
    workflow: fc.constantFrom("bookTrip", "refund"),
    labels: fc.dictionary(
      fc.constantFrom("country", "order", "宿"),
      fc.constantFrom("JP", "a b", 'quo"te', "東京", "100%", "x,y"),
      { minKeys: 1, maxKeys: 3, noNullPrototype: true },
    ),
  },
  { requiredKeys: [] },
);
const ms = fc.integer({ min: 1, max: 10_000 }).map((number) => number * 1_000);
const atLeast = fc.integer({ min: 1, max: 1_000 });
const condition = fc.oneof(
  fc.record({ kind: fc.constant("stuck" as const), filter, longerThanMs: ms, atLeast }),
  fc.record({
    kind: fc.constant("failureRate" as const),
    filter,
    above: fc.integer({ min: 0, max: 999 }).map((number) => number / 1_000),
    withinMs: ms,
    atLeast,
  }),
  fc.record({ kind: fc.constant("noCompletion" as const), filter, withinMs: ms }),
  fc.record(
    { kind: fc.constant("backlog" as const), longerThanMs: ms, jobType: fc.constant("bookHotel") },
    { requiredKeys: ["kind", "longerThanMs"] },
  ),
  fc.record({ kind: fc.constant("noWorker" as const) }),
  fc.record({ kind: fc.constant("notDeciding" as const), longerThanMs: ms }),
  fc.record({ kind: fc.constant("quarantine" as const), atLeast, withinMs: ms }),
  fc.record({ kind: fc.constant("approvalWaits" as const), longerThanMs: ms }),
);

test("a rule that is opened in the form and saved as it is stays what it was", () => {
  fc.assert(
    fc.property(condition, (given) => {
      const saved = conditionOf(draftOf(given));
      if (!("condition" in saved)) throw new Error(saved.problem);
      const { condition } = saved;
      if ("above" in given && "above" in condition) {
        expect(condition.above).toBeCloseTo(given.above, 9);
        expect({ ...condition, above: 0 }).toEqual({ ...given, above: 0 });
      } else expect(condition).toEqual(given);
    }),
  );
});

test("each kind begins as something that can be meant", () => {
  for (const kind of kinds) expect(conditionOf(emptyDraft(kind))).toMatchObject({ condition: { kind } });
});

test("what can't be meant is said", () => {
  expect(conditionOf({ ...emptyDraft("stuck"), minutes: "soon" })).toEqual({
    problem: "Enter the number of minutes.",
  });
  expect(conditionOf({ ...emptyDraft("stuck"), atLeast: "1.5" })).toMatchObject({
    problem: expect.stringContaining("a whole number"),
  });
  expect(conditionOf({ ...emptyDraft("failureRate"), percent: "101" })).toMatchObject({
    problem: expect.stringContaining("percent"),
  });
  expect(conditionOf({ ...emptyDraft("stuck"), labels: "country!=JP" })).toMatchObject({
    problem: expect.stringContaining("no other conditions"),
  });
});
