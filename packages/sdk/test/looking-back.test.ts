import { ManualClock } from "@downbeat/message-log/testing";
import { expect, test } from "vitest";
import { Outcomes } from "../src/client/outcomes.ts";
import { RunEnds } from "../src/client/run-ends.ts";
import { Standing } from "../src/client/standing.ts";

function opened() {
  const clock = new ManualClock();
  const outcomes = new Outcomes();
  const asked: string[] = [];
  const ends = new RunEnds({
    outcomes,
    clock,
    lookup: undefined,
    answerWithinMs: 30_000,
    past: async (runId) => {
      asked.push(runId);
      return { is: "open", standing: new Standing() };
    },
    isAllHeard: () => new Promise(() => {}),
    onProblem: () => {},
  });
  const pass = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed += 0.5) await clock.advance(500);
  };
  const hear = (runId: string, type: "RunStarted" | "CommandRefused") => {
    const event =
      type === "RunStarted"
        ? ({ type, workflow: "w", input: "1" } as const)
        : ({ type, command: "CancelRun", code: "RunOver", message: "It is over." } as const);
    outcomes.takeSettled([{ runId, workflow: "w", inputId: "i", seq: 1, events: [event] }]);
  };
  return { outcomes, asked, ends, pass, hear };
}

test("a run that is not heard of within a second is looked for in history, once", async () => {
  const { asked, ends, pass } = opened();
  void ends.find("r");
  void ends.find("r");
  await pass(0.5);
  expect(asked).toEqual([]);
  await pass(60);
  expect(asked).toEqual(["r"]);
});

test.each(["before its end is asked for", "after"])(
  "one that this client starts %s has longer, and is not looked for once it is heard of",
  async (when) => {
    const { outcomes, asked, ends, pass, hear } = opened();
    for (const runId of ["heard", "not-heard"]) {
      if (when === "after") void ends.find(runId);
      outcomes.startedHere(runId);
      if (when !== "after") void ends.find(runId);
    }
    await pass(10);
    hear("heard", "RunStarted");
    expect(asked).toEqual([]);
    await pass(10);
    expect(asked).toEqual(["not-heard"]);
  },
);

test("a refusal says nothing of whether a run goes on", async () => {
  const { asked, ends, pass, hear } = opened();
  void ends.find("r");
  hear("r", "CommandRefused");
  await pass(2);
  expect(asked).toEqual(["r"]);
});

test("one of which the engine says that it is over is looked for at once", async () => {
  const { asked, ends, pass } = opened();
  void ends.find("r", "A run r exists already; it is completed.");
  await pass(0);
  await Promise.resolve();
  expect(asked).toEqual(["r"]);
});
