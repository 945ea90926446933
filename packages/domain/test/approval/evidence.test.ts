import fc from "fast-check";
import { expect, test } from "vitest";
import { type Evidence, evidenceProblem, type GuardedCommand, type RunCommand } from "../../src/index.ts";

const rule = { terminate: true, complete: true, bulk: true };
const check = { rule, bulkWorkflow: "downbeat-bulk" };
const action = { actionId: "a", actor: "Ada <local|ada>", reason: "stuck" };
const approval: Evidence = { requestId: "r", by: "Grace <local|grace>", until: 5_000 };

const terminate = (given?: Evidence): RunCommand => ({
  type: "TerminateRun",
  commandId: "a",
  runId: "run",
  action,
  ...(given !== undefined && { approval: given }),
});
const complete = (given?: Evidence): RunCommand => ({
  type: "CompleteJob",
  commandId: "a",
  runId: "run",
  jobId: "j1",
  action,
  output: "1",
  ...(given !== undefined && { approval: given }),
});
const bulk = (given?: Evidence, workflow = "downbeat-bulk"): RunCommand => ({
  type: "StartRun",
  commandId: "a",
  runId: "bulk-1",
  workflow,
  input: "{}",
  startedBy: action.actor,
  ...(given !== undefined && { approval: given }),
});

test("what the rule doesn't speak of needs nothing", () => {
  const none = { ...check, rule: { terminate: false, complete: false, bulk: false } };
  for (const command of [terminate(), complete(), bulk()])
    expect(evidenceProblem(command, none, 0)).toBeUndefined();
  const others: readonly RunCommand[] = [
    { type: "CancelRun", commandId: "a", runId: "run", action },
    { type: "RetryJob", commandId: "a", runId: "run", jobId: "j1", action },
    bulk(undefined, "trip"),
  ];
  for (const command of others) expect(evidenceProblem(command, check, 0)).toBeUndefined();
});

test("a repair ends no run where nobody may terminate one alone, and any may go on by it", () => {
  const repair = (outcome: "cut" | "closed"): RunCommand => ({
    type: "RepairRun",
    commandId: "a",
    runId: "run",
    action,
    outcome,
  });
  expect(evidenceProblem(repair("closed"), check, 0)).toMatch(/Terminate it instead: that can be asked for/);
  expect(evidenceProblem(repair("cut"), check, 0)).toBeUndefined();
  const others = { ...check, rule: { terminate: false, complete: true, bulk: true } };
  expect(evidenceProblem(repair("closed"), others, 0)).toBeUndefined();
});

test("without an approval nothing is done, and the refusal says what is lacking", () => {
  expect(evidenceProblem(terminate(), check, 0)).toBe(
    "Terminating a run needs a second person, and nobody has approved this. Ask for it in the dashboard or on the command line, and have another person approve it.",
  );
  expect(evidenceProblem(complete(), check, 0)).toMatch(/^Completing a job with a value needs a second/);
  expect(evidenceProblem(bulk(), check, 0)).toMatch(/^A bulk action is begun by servers/);
});

test("an approval by whoever asked is none, whatever name they give", () => {
  for (const by of ["Ada <local|ada>", "Grace <local|ada>", "<local|ada>"])
    expect(evidenceProblem(terminate({ ...approval, by }), check, 0)).toMatch(/whoever asked for it/);
  expect(evidenceProblem(terminate({ ...approval, by: "Ada <local|ada2>" }), check, 0)).toBeUndefined();
});

test("an approval that names nobody is one for a bulk action that a server let through alone", () => {
  const through = { until: 5_000 };
  expect(evidenceProblem(terminate(through), check, 0)).toMatch(/names nobody/);
  expect(evidenceProblem(complete({ until: 5_000, requestId: "r" }), check, 0)).toMatch(/names nobody/);
  expect(evidenceProblem(bulk(through), check, 0)).toBeUndefined();
});

test("an approval ends", () => {
  expect(evidenceProblem(terminate(approval), check, 5_000)).toBeUndefined();
  expect(evidenceProblem(terminate(approval), check, 5_001)).toMatch(/the time of its approval is over/);
});

test("where there are keys, only what a server signed counts", () => {
  const keys = { ...check, isSealed: ({ approval: given }: GuardedCommand) => given?.seal === "right" };
  expect(evidenceProblem(terminate({ ...approval, seal: "right" }), keys, 0)).toBeUndefined();
  expect(evidenceProblem(terminate({ ...approval, seal: "wrong" }), keys, 0)).toMatch(/not that of what/);
  expect(evidenceProblem(terminate(approval), keys, 0)).toMatch(/not signed by a server/);
  expect(evidenceProblem(bulk({ until: 5_000 }), keys, 0)).toMatch(/not signed by a server/);
});

test("whatever stands in the evidence, nobody approves their own", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("", "<", "<>", "Ada <local|ada>", "艾达 <local|ada>"));
  fc.assert(
    fc.property(text, text, fc.integer({ min: 0 }), (requestId, name, until) => {
      const by = `${name.replaceAll(/[<>]/g, "")} <local|ada>`;
      expect(evidenceProblem(terminate({ requestId, by, until }), check, 0)).toBeDefined();
    }),
  );
});
