import type { Failure } from "@downbeat/domain";
import { expect, test } from "vitest";
import { type Logger, silent } from "../src/logging/logger.ts";
import { RunProblems } from "../src/worker/run-problems.ts";

const failure: Failure = { kind: "code", name: "TypeError", message: "x is undefined", stack: "at trip" };
const run = { runId: "r", workflow: "trip", failure };

function heard(listens: boolean) {
  const lines: unknown[][] = [];
  const said: unknown[][] = [];
  const line = (level: string) => (fields: object, message: string) =>
    void lines.push([level, fields, message]);
  const logger: Logger = { ...silent, warn: line("warn"), error: line("error") };
  const problems = new RunProblems(listens ? (...told) => void said.push(told) : undefined, logger);
  return { problems, lines, said };
}

test("a stuck run is logged as an error with its id, where nobody listens", () => {
  const { problems, lines } = heard(false);
  problems.stuck(run);
  expect(lines).toEqual([
    [
      "error",
      {
        runId: "r",
        workflow: "trip",
        err: expect.objectContaining({ name: "TypeError", message: "x is undefined", stack: "at trip" }),
      },
      "trip r is stuck. TypeError: x is undefined",
    ],
  ]);
});

test("what a build does not take is logged as a warning, with what becomes of it", () => {
  const { problems, lines } = heard(false);
  problems.untaken(run);
  problems.untaken({ ...run, signalId: "s1" });
  const words = (otherwise: string) =>
    `This build does not take what trip r was given: another one is asked, ${otherwise}. TypeError: x is undefined`;
  const fields = { runId: "r", workflow: "trip", err: expect.any(Error) };
  expect(lines).toEqual([
    ["warn", fields, words("and where none is there the run is stuck")],
    ["warn", fields, words("and where none takes it the signal is passed over")],
  ]);
});

test("who listens is told instead of the log", () => {
  const { problems, lines, said } = heard(true);
  problems.stuck(run);
  problems.untaken(run);
  problems.stray("r", new Error("left behind"));
  expect(lines).toEqual([]);
  expect(said.map(([words]) => words)).toEqual([
    "trip r is stuck. TypeError: x is undefined",
    expect.stringContaining("This build does not take"),
    "A promise that the code of run r left behind was rejected: left behind",
  ]);
  expect(said.every(([, error]) => error instanceof Error)).toBe(true);
});

test("a failure without a stack has none that leads to this library", () => {
  const { problems, said } = heard(true);
  problems.stuck({ ...run, failure: { kind: "code", name: "E", message: "m" } });
  expect(said[0]?.[1]).toMatchObject({ stack: "E: m" });
});

test("what is left behind again at a replay is told once, each run and each reason for itself", () => {
  const { problems, lines } = heard(false);
  for (const runId of ["a", "b", "a"])
    for (const reason of ["x", "y"]) problems.stray(runId, new Error(reason));
  expect(lines).toHaveLength(4);
  expect(lines[0]).toEqual([
    "warn",
    { runId: "a", err: expect.any(Error) },
    "A promise that the code of run a left behind was rejected: x",
  ]);
});

test("so many are known that a worker runs for ever, and then they are told again", () => {
  const { problems, lines } = heard(false);
  const tell = (runId: string) => problems.stray(runId, new Error("x"));
  for (let index = 0; index < 10_000; index++) tell(`r${index}`);
  tell("r0");
  expect(lines).toHaveLength(10_000);
  tell("another");
  tell("r0");
  expect(lines).toHaveLength(10_002);
});
