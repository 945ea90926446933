import { ManualClock } from "@downbeat/message-log/testing";
import { describe, expect, test } from "vitest";
import { Outcomes, type RunEnd } from "../src/client/outcomes.ts";
import type { Past } from "../src/client/past-ends.ts";
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

describe("Where something knows how runs ended, it is asked first:", () => {
  const end = { status: "completed", output: "1" } as const;

  function withLookup(lookup: (turn: number) => RunEnd | undefined) {
    const clock = new ManualClock();
    const outcomes = new Outcomes();
    const problems: string[] = [];
    const state = { turns: 0, looked: 0 };
    const ends = new RunEnds({
      outcomes,
      clock,
      lookup: async () => lookup(++state.turns),
      answerWithinMs: 30_000,
      past: async () => {
        state.looked += 1;
        return { is: "open", standing: new Standing() };
      },
      isAllHeard: () => new Promise(() => {}),
      onProblem: (what) => void problems.push(what),
    });
    return { clock, outcomes, problems, state, ends };
  }

  test("what it knows is the end, and history is not read", async () => {
    const { ends, state } = withLookup(() => end);
    expect(await ends.find("r")).toEqual(end);
    expect(state).toEqual({ turns: 1, looked: 0 });
  });

  test("it is asked again after longer and longer, ten times, and then history is read", async () => {
    const { ends, state, clock } = withLookup(() => undefined);
    void ends.find("r");
    const asked: number[] = [];
    let before = 0;
    for (let second = 0; second < 400; second++) {
      await clock.advance(0);
      if (state.turns > before) asked.push(second);
      before = state.turns;
      await clock.advance(1_000);
    }
    expect(asked).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
    expect(state).toEqual({ turns: 10, looked: 1 });
  });

  test("that it can't be asked is told once, and it is asked again", async () => {
    const { ends, problems, clock, state } = withLookup((turn) => {
      if (turn < 3) throw new Error("away");
      return end;
    });
    const found = ends.find("r");
    await clock.advance(0);
    await clock.advance(1_000);
    await clock.advance(2_000);
    expect(await found).toEqual(end);
    expect(problems).toEqual(["The end of run r could not be looked up."]);
    expect(state.turns).toBe(3);
  });

  test("it is asked no more once the run is heard of", async () => {
    const { ends, outcomes, clock, state } = withLookup(() => undefined);
    const found = ends.find("r");
    await clock.advance(0);
    outcomes.take("r", end);
    expect(await found).toEqual(end);
    await clock.advance(100_000);
    expect(state).toEqual({ turns: 1, looked: 0 });
  });
});

describe("A run that history holds nothing of", () => {
  function missing(isAllHeard: Promise<boolean>, past: Past = { is: "unknown" }) {
    const clock = new ManualClock();
    const outcomes = new Outcomes();
    const ends = new RunEnds({
      outcomes,
      clock,
      lookup: undefined,
      answerWithinMs: 30_000,
      past: async () => past,
      isAllHeard: () => isAllHeard,
      onProblem: () => {},
    });
    const said: string[] = [];
    const find = (refusal?: string) => {
      ends.find("r", refusal).catch((error: Error) => void said.push(error.name));
    };
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= 500) await clock.advance(Math.min(500, left));
      await clock.advance(0);
    };
    return { outcomes, ends, said, find, pass };
  }

  test("is missing, and may still be started, until nobody answers in time", async () => {
    const { ends, said, find, pass } = missing(new Promise(() => {}));
    expect(ends.isMissing("r")).toBe(false);
    find();
    await pass(1_500);
    expect(ends.isMissing("r")).toBe(true);
    await pass(29_000);
    expect(said).toEqual([]);
    await pass(1_000);
    expect(said).toEqual(["NoSuchRunError"]);
    expect(ends.isMissing("r")).toBe(false);
  });

  test("is none five seconds after all that was in the inbox is heard of", async () => {
    const { said, find, pass } = missing(Promise.resolve(true));
    find();
    await pass(5_500);
    expect(said).toEqual([]);
    await pass(1_000);
    expect(said).toEqual(["NoSuchRunError"]);
  });

  test("is waited for where this client has started it, or it is heard of meanwhile", async () => {
    for (const heard of [false, true]) {
      const { outcomes, ends, said, find, pass } = missing(Promise.resolve(true));
      if (!heard) outcomes.startedHere("r");
      find();
      await pass(2_000);
      const events = [{ type: "RunStarted", workflow: "w", input: "1" } as const];
      if (heard) outcomes.takeSettled([{ runId: "r", workflow: "w", inputId: "i", seq: 1, events }]);
      await pass(100_000);
      expect(said).toEqual([]);
      expect(ends.isMissing("r")).toBe(false);
    }
  });

  test("is over where the engine says so, or its history was removed", async () => {
    const refused = missing(Promise.resolve(true));
    refused.find("A run r exists already; it is completed.");
    await refused.pass(500);
    expect(refused.said).toEqual(["NoAnswerError"]);
    const removed = missing(Promise.resolve(true), { is: "removed", status: "cancelled" });
    removed.find();
    await removed.pass(1_500);
    expect(removed.said).toEqual(["NoAnswerError"]);
  });
});
