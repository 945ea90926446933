import type { Failure } from "@downbeat/domain";
import { expect, test } from "vitest";
import { lastDecision } from "../closing.ts";

const failure: Failure = { kind: "business", name: "No", message: "no room.", stack: "at trip" };
const bug: Failure = { kind: "code", name: "TypeError", message: "x is undefined.", stack: "at undo" };
const failed = { outcome: "failed", failure, recorded: true } as const;
const cancelled = { outcome: "cancelled", recorded: true } as const;
const problems = "Not undone: pay (j1): the bank is down";

test("a run that has failed ends with its failure, and with what could not be undone", () => {
  expect(lastDecision(failed, undefined, undefined)).toEqual({ type: "FailRun", failure });
  expect(lastDecision(failed, problems, bug)).toEqual({
    type: "FailRun",
    failure: { ...failure, message: `no room. ${problems}` },
  });
});

test("a cancelled run ends with nothing, a bug of its code, what could not be undone, or both", () => {
  expect(lastDecision(cancelled, undefined, undefined)).toStrictEqual({ type: "FinishCancel" });
  expect(lastDecision(cancelled, undefined, bug)).toEqual({ type: "FinishCancel", failure: bug });
  expect(lastDecision(cancelled, problems, undefined)).toEqual({
    type: "FinishCancel",
    failure: { kind: "technical", name: "UndoFailed", message: problems },
  });
  expect(lastDecision(cancelled, problems, bug)).toEqual({
    type: "FinishCancel",
    failure: { ...bug, message: `x is undefined. ${problems}` },
  });
});
