import fc from "fast-check";
import { expect, test } from "vitest";
import { approvedReason } from "./approved-command.ts";

test("history tells who approved, whatever the reason is, and in the room that there is", () => {
  expect(approvedReason("it hangs", "Grace <local|grace>")).toBe(
    "it hangs (approved by Grace <local|grace>)",
  );
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 1_100 }),
      fc.string({ maxLength: 200 }),
      (reason, by) => {
        const told = approvedReason(reason.toWellFormed(), by);
        expect(told.length).toBeLessThanOrEqual(1_000);
        expect(told.endsWith(` (approved by ${by})`)).toBe(true);
        expect(told.isWellFormed()).toBe(true);
      },
    ),
  );
});
