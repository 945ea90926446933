import { stripVTControlCharacters } from "node:util";
import type { Failure, RunEvent } from "@downbeat/domain";
import { expect, test } from "vitest";
import { RunLines } from "../src/dev/run-lines.ts";

const failure: Failure = {
  kind: "technical",
  name: "ConnectionError",
  message: "connect ECONNREFUSED",
  stack:
    "ConnectionError: connect ECONNREFUSED\n    at charge (/app/src/jobs.ts:7:11)\n    at new Promise (<anonymous>)\n    at node:internal/process:1:1\n    at run (/app/node_modules/x/y.js:1:1)",
};

function lines(...events: RunEvent[]): string[] {
  const told = new RunLines((runId) => `http://localhost:3000/runs/${runId}`);
  return events.flatMap((event) => {
    const line = told.of({ runId: "r", workflow: "order", event });
    return line === undefined ? [] : [stripVTControlCharacters(line)];
  });
}

test("an author is told what a run comes to, in a line each", () => {
  expect(
    lines(
      { type: "RunStarted", workflow: "order", input: "1" },
      { type: "JobScheduled", jobId: "j1", jobType: "charge", input: "1" },
      { type: "AttemptRequested", jobId: "j1", attempt: 1 },
      { type: "JobCompleted", jobId: "j1", attempt: 1, output: "1" },
      { type: "RunCompleted", output: "1" },
    ),
  ).toEqual(["started    order r  http://localhost:3000/runs/r", "completed  order r"]);
});

test("what failed is told with its error and the lines of one's own code that threw it", () => {
  const [failed = "", stuck = ""] = lines(
    { type: "JobScheduled", jobId: "j1", jobType: "charge", input: "1" },
    { type: "AttemptFailed", jobId: "j1", attempt: 1, failure, retryAt: 5 },
    { type: "JobStuck", jobId: "j1", failure },
  );
  expect(failed).toMatch(/^failed {5}order r: charge, attempt 1, it is tried again: ConnectionError/);
  expect(failed).toContain("at charge (/app/src/jobs.ts:7:11)");
  expect(failed).not.toMatch(/node_modules|node:internal/);
  expect(stuck).toMatch(/^stuck {6}order r: charge: /);
  expect(stuck).toMatch(/http:\/\/localhost:3000\/runs\/r$/);
});

test("of a run that began before, jobs have no more than their ids", () => {
  const [line] = lines({ type: "JobRejected", jobId: "j7", attempt: 1, failure });
  expect(line).toMatch(/^rejected {3}order r: j7: /);
});
