import type { RunEvent } from "@downbeat/domain";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { job, type Run, workflow } from "../../index.ts";
import { type ThreadedOptions, threadedDecisions } from "../index.ts";
import { DrivenRun } from "./driven-run.ts";

const pay = job<unknown>("pay");
const code = workflow("trip", { input: z.string(), signals: { go: z.number() } }, async (run) => {
  await run.job(pay, 1);
  await run.signal("go");
  return "done";
});
const stray = workflow("stray", async (run: Run) => {
  void Promise.reject(new Error("left behind"));
  await run.job(pay, 1);
});

/** In the thread of who asks: what is asked of whom is the same. */
function opened(options: ThreadedOptions = {}) {
  const decisions = threadedDecisions([code, stray], { isolation: "none", ...options });
  onTestFinished(() => decisions.close());
  return decisions;
}

const started: RunEvent = { type: "RunStarted", workflow: "trip", input: '"Bern"', rules: 2 };
const recorded = (...events: RunEvent[]) => events.map((event, index) => ({ seq: index + 1, at: 0, event }));

describe("A session", () => {
  test("goes on where its runs were, and is told all again where they were forgotten", async () => {
    for (const maxCachedRuns of [20_000, 0]) {
      const session = opened({ maxCachedRuns }).openSession();
      const run = new DrivenRun("trip", session);
      await run.start("Bern");
      await run.complete("j1");
      session.forget(run.runId);
      session.forget("nobody");
      await run.signal("go", 7);
      expect(run.last).toEqual({ type: "RunCompleted", output: '"done"' });
    }
  });

  test("knows nothing of another's runs, though they have one id", async () => {
    const decisions = opened();
    const [one, other] = [decisions.openSession(), decisions.openSession()];
    const question = { runId: "r", workflow: "trip", history: recorded(started) };
    await one.ask(question);
    const longer = { ...question, history: [...question.history] };
    expect(await other.ask(longer)).toMatchObject([{ type: "ScheduleJob", jobId: "j1" }]);
    one.close();
    expect(await one.ask(question)).toMatchObject([{ type: "ScheduleJob", jobId: "j1" }]);
  });

  test("of which more events come while it is asked answers to those that were there", async () => {
    const session = opened().openSession();
    const history = recorded(started);
    const asking = session.ask({ runId: "r", workflow: "trip", history });
    history.push({
      seq: 2,
      at: 0,
      event: { type: "RunTerminated", action: { actionId: "a", actor: "m", reason: "" } },
    });
    expect(await asking).toMatchObject([{ type: "ScheduleJob" }]);
  });

  test("has a run stuck whose workflow is somebody else's", async () => {
    const question = { runId: "r", workflow: "other", history: recorded({ ...started, workflow: "other" }) };
    expect(await opened().openSession().ask(question)).toMatchObject([
      { type: "GetStuck", failure: { kind: "code", name: "UnknownWorkflow" } },
    ]);
  });

  test("says whether the code takes what is offered to it, from its first event or later", async () => {
    const session = opened().openSession();
    const history = recorded(started);
    const offer = (payload: string) => ({ type: "signal", name: "go", payload }) as const;
    const question = { runId: "r", workflow: "trip", history };
    expect(await session.check(question, offer("7"))).toBeUndefined();
    expect(await session.check(question, offer('"x"'))).toContain("does not fit the signal go");
    await session.ask(question);
    expect(await session.check(question, offer('"x"'))).toContain("does not fit the signal go");
    session.forget("r");
    expect(await session.check(question, offer("7"))).toBeUndefined();
  });
});

test("a start is checked before there is a run", () => {
  const { checkStart } = opened();
  expect(checkStart("trip", '"Bern"')).toBeUndefined();
  expect(checkStart("trip", "7")).toMatchObject({ code: "InvalidInput" });
  expect(checkStart("none", "7")).toMatchObject({ code: "UnknownWorkflow" });
});

test("what code leaves behind is told with the run's own id", async () => {
  const heard: string[] = [];
  const decisions = opened({ onStray: (runId, reason) => void heard.push(`${runId}: ${reason.message}`) });
  const start: RunEvent = { type: "RunStarted", workflow: "stray", input: "1", rules: 2 };
  await decisions.openSession().ask({ runId: "a/b", workflow: "stray", history: recorded(start) });
  await vi.waitFor(() => expect(heard).toEqual(["a/b: left behind"]));
  await decisions.ready;
});

test.each([
  [{ threads: 0 }, "threads can't be 0: it is a whole number from 1 to 64."],
  [{ stepMs: 99 }, "stepMs can't be 99"],
  [{ memoryMb: 31 }, "memoryMb can't be 31"],
  [{ isolation: "process" }, '"thread" or "none"'],
  [{ maxCachedRuns: -1 }, "maxCachedRuns can't be -1"],
  [{ onStray: 7 }, "it is a function"],
  [{ onProblem: 7 }, "it is a function"],
  [{ logger: 7 }, "logger can't be 7"],
  [{ thread: 1 }, "did you mean threads?"],
  [7, "they are an object"],
])("options that can't be taken are refused: %j", (options, reason) => {
  expect(() => threadedDecisions([code], options as never)).toThrow(
    "The options of threadedDecisions() can't be taken.",
  );
  expect(() => threadedDecisions([code], options as never)).toThrow(reason);
});
