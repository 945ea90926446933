import { expect, test } from "vitest";
import { targetWords } from "./target-words.ts";

test("a dialog names the run and whose it is", () => {
  const labels = { customer: "Amina Costa", order: "4711" };
  expect(targetWords({ runId: "trip-1", workflow: "bookTrip", labels })).toBe(
    "trip-1 · customer Amina Costa · order 4711",
  );
  expect(targetWords({ runId: "trip-1", workflow: "bookTrip" })).toBe("trip-1");
});
