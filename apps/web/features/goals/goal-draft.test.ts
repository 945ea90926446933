import fc from "fast-check";
import { expect, test } from "vitest";
import { aimOfDraft, draftOfGoal, emptyGoal } from "./goal-draft.ts";

const labelText = fc
  .string({ unit: "binary", minLength: 1, maxLength: 20 })
  .filter((text) => text !== "__proto__");
const goals = fc.record(
  {
    percent: fc.integer({ min: 1_000, max: 99_999 }).map((thousandths) => thousandths / 1_000),
    days: fc.integer({ min: 1, max: 90 }),
    workflow: fc.constantFrom("bookTrip", "soft"),
    withinMs: fc.integer({ min: 1, max: 366 * 86_400_000 }),
    labels: fc.dictionary(labelText, fc.string({ unit: "binary", maxLength: 20 }), {
      minKeys: 1,
      maxKeys: 5,
      noNullPrototype: true,
    }),
    countsCancelled: fc.constant(true as const),
  },
  { requiredKeys: ["percent", "days"] },
);

test("a goal that is opened and saved as it is stays as it is", () => {
  fc.assert(
    fc.property(goals, (goal) => {
      expect(aimOfDraft(draftOfGoal(goal))).toEqual({ aim: goal });
    }),
    { numRuns: 200 },
  );
}, 60_000);

test.each([
  [{ percent: "" }, "a percentage"],
  [{ percent: "100" }, "a percentage"],
  [{ percent: "99.9991" }, "a percentage"],
  [{ percent: "NaN" }, "a percentage"],
  [{ seconds: "soon" }, "seconds"],
  [{ seconds: "0" }, "seconds"],
  [{ days: "1.5" }, "days"],
  [{ days: "91" }, "days"],
  [{ labels: "country=JP OR country=DE" }, "Give labels and their values"],
  [{ labels: "a=1 AND b=1 AND c=1 AND d=1 AND e=1 AND f=1" }, "At most five labels"],
])("%o can't be meant, and the form says why", (patch, problem) => {
  expect(aimOfDraft({ ...emptyGoal, ...patch })).toEqual({ problem: expect.stringContaining(problem) });
});
