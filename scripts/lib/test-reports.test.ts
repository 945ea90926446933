import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endedByV8, totalsOfPlaywright, totalsOfVitest } from "./test-reports.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "downbeat-reports-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const allPassed = {
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numFailedTestSuites: 0,
  testResults: [{ name: "/a.test.ts", assertionResults: [{ status: "passed", fullName: "a" }] }],
};

test("an error outside of any test fails the run and is named", () => {
  const report = written("report.json", allPassed);
  const unhandled = written("unhandled.json", ["Error: Worker exited unexpectedly"]);
  expect(totalsOfVitest(report, unhandled, 1, "/")).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
    failures: ["outside of any test: Error: Worker exited unexpectedly"],
    unsteady: [],
  });
});

test("a run that failed without saying why is said to have", () => {
  const { failures } = totalsOfVitest(written("report.json", allPassed), join(folder, "none.json"), 1, "/");
  expect(failures).toEqual(["Vitest ended with 1 and named nothing."]);
});

test("a file whose process V8 ended is left to another run, and counted there", () => {
  const crash =
    "Error: Worker exited unexpectedly with signal SIGTRAP during started state while running test file /b.test.ts";
  const unhandled = written("unhandled.json", [crash, "/b.test.ts was never run to its end."]);
  const report = written("report.json", {
    ...allPassed,
    numFailedTestSuites: 1,
    testResults: [
      ...allPassed.testResults,
      { name: "/b.test.ts", assertionResults: [{ status: "passed", fullName: "b" }] },
    ],
  });
  expect(endedByV8(unhandled)).toEqual(["/b.test.ts"]);
  expect(totalsOfVitest(report, unhandled, 1, "/", endedByV8(unhandled))).toEqual({
    passed: 1,
    failed: 0,
    skipped: 0,
    failures: [],
    unsteady: [],
  });
  expect(totalsOfVitest(report, unhandled, 1, "/").failed).toBe(1);
});

test("one that a signal from elsewhere ended is not", () => {
  const killed =
    "Error: Worker exited unexpectedly with signal SIGKILL during started state while running test file /b.test.ts";
  expect(endedByV8(written("unhandled.json", [killed]))).toEqual([]);
});

test("a browser test that passed at its second try counts as passed, and is named with what it said", () => {
  const tested = (status: string, ...errors: string[]) => ({
    title: `is ${status}`,
    file: "a.e2e.ts",
    line: 7,
    tests: [{ status, results: [{ errors: errors.map((message) => ({ message })) }, { errors: [] }] }],
  });
  const report = written("report.json", {
    stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 },
    suites: [
      {
        specs: [tested("expected")],
        suites: [{ specs: [tested("flaky", "Not there yet."), tested("unexpected", "Never there.")] }],
      },
    ],
    errors: [],
  });
  expect(totalsOfPlaywright(report, 1)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 0,
    failures: ["a.e2e.ts:7 > is unexpected\nNever there."],
    unsteady: ["a.e2e.ts:7 > is flaky\nNot there yet."],
  });
});

function written(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}
