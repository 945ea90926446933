import { expect, test } from "vitest";
import { showTimesOf } from "../../lib/zone.ts";
import { filterWords } from "./filter-words.ts";

showTimesOf("UTC");
const from = Date.parse("2026-11-23T14:00:00Z");

test("a filter is told in words, and none as all runs", () => {
  expect(filterWords({})).toBe("All runs");
  expect(
    filterWords({
      status: ["stuck", "waiting"],
      workflow: "bookTrip",
      where: [[{ key: "region", test: "is", value: "eu" }]],
      text: "Ada & Co",
      from,
    }),
  ).toBe("Stuck or Waiting · bookTrip · region=eu · “Ada & Co” · started since Nov 23, 2026, 14:00");
  expect(filterWords({ content: "no room" })).toBe("“no room” in inputs, outputs or errors");
  expect(filterWords({ to: from, by: "ended" })).toBe("ended until Nov 23, 2026, 14:00");
  expect(filterWords({ from, to: from + 3_600_000 })).toBe(
    "started Nov 23, 2026, 14:00 – Nov 23, 2026, 15:00",
  );
});
