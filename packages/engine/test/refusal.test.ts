import type { AnyRunCommand } from "@downbeat/domain";
import { describe, expect, test } from "vitest";
import { refusal, shortRefusal } from "../src/refusal.ts";

const base = { commandId: "c1", runId: "r1" } as const;
const action = { actionId: "a1", actor: "mia", reason: "" };
const start: AnyRunCommand = { type: "StartRun", ...base, workflow: "order", input: "1" };
const signal: AnyRunCommand = { type: "SendSignal", ...base, signalId: "s1", name: "go", payload: "1" };
const no = { type: "rejected", code: "Unprocessable", message: "No." } as const;

describe("A refusal is recorded with what was asked", () => {
  test.each<[AnyRunCommand, object]>([
    [start, {}],
    [{ ...start, startedBy: "mia" }, { actor: "mia" }],
    [signal, {}],
    [{ ...signal, actor: "mia" }, { actor: "mia" }],
    // Nobody asked by a field of another command.
    [{ ...start, actor: "mia" } as AnyRunCommand, {}],
    [{ ...signal, startedBy: "mia" } as AnyRunCommand, {}],
    [{ type: "CancelRun", ...base, action }, { action }],
    [
      { type: "RetryJob", ...base, jobId: "j1", action },
      { action, jobId: "j1" },
    ],
    [
      { type: "CompleteAttempt", ...base, jobId: "j1", attempt: 2, worker: "w", startedAt: 0, output: "1" },
      { jobId: "j1", attempt: 2 },
    ],
  ])("%j", (command, also) => {
    expect(refusal(command, no)).toStrictEqual({
      type: "CommandRefused",
      command: command.type,
      code: "Unprocessable",
      message: "No.",
      ...also,
    });
  });
});

test("a sentence as long as the log takes is kept, a longer one is cut there", () => {
  const said = (message: string) => refusal(start, { ...no, message });
  expect(said("x".repeat(2_000))).toMatchObject({ message: "x".repeat(2_000) });
  expect(said("x".repeat(2_001))).toMatchObject({ message: `${"x".repeat(2_000)}…` });
});

test("what the log can't take is said in short", () => {
  expect(shortRefusal(start, "it is 9 bytes")).toMatchObject({
    type: "CommandRefused",
    command: "StartRun",
    code: "Unprocessable",
    message: "What came of it can't be kept in history: it is 9 bytes.",
  });
});
