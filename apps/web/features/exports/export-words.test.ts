import { expect, test } from "vitest";
import { exportWords } from "./export-words.ts";

const one = { id: "1", title: "Runs", rows: 12_500, fileName: "runs.csv" };

test("an export says how far it is, and what became of it", () => {
  expect(exportWords({ ...one, state: "running" })).toBe("Exporting Runs: 12,500 rows");
  expect(exportWords({ ...one, state: "running", of: 122_600 })).toBe(
    "Exporting Runs: 12,500 of 122,600 rows",
  );
  // More have come since they were counted.
  expect(exportWords({ ...one, state: "running", of: 9, isLowerBound: true })).toBe(
    "Exporting Runs: 12,500 of at least 12,500 rows",
  );
  expect(exportWords({ ...one, rows: 1, state: "saved" })).toBe("runs.csv is saved: 1 row");
  expect(exportWords({ ...one, state: "saved", problem: "Pulsar SQL is away." })).toBe(
    "runs.csv is saved, but not whole. It ends after 12,500 rows: Pulsar SQL is away.",
  );
  expect(exportWords({ ...one, state: "failed", problem: "Not for you." })).toContain(
    "nothing is saved. Not for you.",
  );
});
