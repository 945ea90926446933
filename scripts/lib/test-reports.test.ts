import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { totalsOfVitest } from "./test-reports.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "downbeat-reports-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const allPassed = {
  numPassedTests: 1,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numFailedTestSuites: 0,
  testResults: [],
};

test("an error outside of any test fails the run and is named", () => {
  const report = written("report.json", allPassed);
  const unhandled = written("unhandled.json", ["Error: Worker exited unexpectedly"]);
  expect(totalsOfVitest(report, unhandled, 1, "/")).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
    failures: ["outside of any test: Error: Worker exited unexpectedly"],
  });
});

test("a run that failed without saying why is said to have", () => {
  const { failures } = totalsOfVitest(written("report.json", allPassed), join(folder, "none.json"), 1, "/");
  expect(failures).toEqual(["Vitest ended with 1 and named nothing."]);
});

function written(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}
