import { expect, test } from "vitest";
import { unknownRun } from "./api-error.ts";

test("of a run that there isn't is said whether there was one", () => {
  expect(unknownRun("trip-1")).toMatchObject({ code: "notFound", message: "There is no run trip-1." });
  const removed = { status: "completed", endedAt: Date.UTC(2026, 9, 27, 23) };
  expect(unknownRun("trip-1", removed)).toMatchObject({
    code: "notFound",
    message: "Run trip-1 ended on 2026-10-27 (completed). Retention has removed its history since.",
  });
});
