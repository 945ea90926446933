import { expect, it } from "vitest";
import { type Failure, maxStepBytes, type RunDecision, stepProblem } from "../../src/index.ts";

const pay = { type: "ScheduleJob", jobId: "j1", jobType: "charge", input: "" } as const;
const stuck = (parts: Partial<Failure>): RunDecision => ({
  type: "GetStuck",
  failure: { kind: "code", name: "E", message: "", ...parts },
});

/** Every part of what code asks for that may be long, with the bytes beside it. */
const parts: readonly (readonly [string, (text: string) => RunDecision, number])[] = [
  ["an input", (text) => ({ ...pay, input: text }), 200],
  ["an output", (text) => ({ type: "CompleteRun", output: text }), 200],
  ["names of errors", (text) => ({ ...pay, options: { retry: { nonRetryable: ["No", text] } } }), 202],
  ["a label", (text) => ({ type: "SetLabels", labels: { city: text } }), 204],
  ["the name of a label", (text) => ({ type: "SetLabels", labels: { [text]: "Bern" } }), 204],
  ["a failure's message", (message) => stuck({ message }), 200],
  ["a failure's stack", (stack) => stuck({ stack }), 200],
  ["a failure's details", (details) => stuck({ details }), 200],
];

it.each(parts)("counts %s of a step, to the byte", (_, decision, beside) => {
  const step = (bytes: number) => [decision("x".repeat(bytes - beside))];
  expect(stepProblem(step(maxStepBytes))).toBeUndefined();
  expect(stepProblem(step(maxStepBytes + 1))).toMatchObject({
    kind: "code",
    name: "DecisionTooLarge",
    message: expect.stringMatching(
      `^One step of the code asked for 1 things of ${maxStepBytes + 1} bytes together; the limit is ${maxStepBytes}\\.`,
    ),
  });
});

it("counts what is in one step together, and letters by their bytes", () => {
  const half = "é".repeat(maxStepBytes / 4);
  const step = (more: string): RunDecision[] => [
    { ...pay, input: half.slice(100) },
    { type: "CompleteRun", output: half.slice(100) + more },
  ];
  expect(stepProblem(step(""))).toBeUndefined();
  expect(stepProblem(step("x"))?.message).toContain(`2 things of ${maxStepBytes + 1} bytes`);
});

it("counts what has no options, no retries, no names and no failure as nothing more", () => {
  const step: RunDecision[] = [pay, { ...pay, options: {} }, { ...pay, options: { retry: {} } }];
  expect(stepProblem(step)).toBeUndefined();
});
