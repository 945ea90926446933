import type { AskCode, Effect, RunEvent } from "@downbeat/domain";
import { expect, test } from "vitest";
import { applyDecision, askedOf } from "../src/fold.ts";
import { questionOf } from "../src/question-of.ts";
import type { RunEntry } from "../src/run-entry.ts";

const started: RunEvent = { type: "RunStarted", workflow: "trip", input: "1", codeIn: "workers" };
const completed: RunEvent = { type: "RunCompleted", output: "1" };

function happened(before: RunEntry | undefined, ...events: RunEvent[]) {
  const seq = (before?.state.seq ?? 0) + 1;
  const effects: Effect[] = [];
  const decision = { runId: "r", workflow: "trip", inputId: "i", seq, events };
  const entry = askedOf(applyDecision(before, decision, 5, effects), effects);
  const asked = effects.find((effect): effect is AskCode => effect.type === "AskCode");
  return { entry, asked };
}

test("the code is told what the run's accepted history says, up to the question that is out", () => {
  const { entry, asked } = happened(undefined, started);
  expect(asked && questionOf(entry, asked)).toEqual({
    runId: "r",
    workflow: "trip",
    upTo: 1,
    attempt: 1,
    events: [{ seq: 1, at: 5, event: started }],
  });
});

test("nobody is asked about a run that is not there, or is over, or where another question is out", () => {
  const { entry, asked } = happened(undefined, started);
  if (asked === undefined) throw new Error("Nothing was asked.");
  expect(questionOf(undefined, asked)).toBeUndefined();
  expect(questionOf(entry, { ...asked, attempt: 2 })).toBeUndefined();
  expect(questionOf(entry, { ...asked, upTo: 2 })).toBeUndefined();
  const answered: RunEvent = { type: "CodeAnswered", upTo: 1, answerId: "a1" };
  expect(questionOf(happened(happened(undefined, started).entry, answered).entry, asked)).toBeUndefined();
  expect(questionOf(happened(entry, completed).entry, asked)).toBeUndefined();
});
