import { deadlines, openTimers } from "@downbeat/domain";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { historyOf } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { by, RunDriver, schedule, technical } from "../test/run-driver.ts";
import { scratchDirectory } from "../test/scratch.ts";
import type { TimerView } from "../views.ts";
import { Projection } from "../write/projection.ts";
import { BadCursor } from "./cursor.ts";
import { ReadModel } from "./read-model.ts";
import type { TimersQuery } from "./timers.ts";

const at = Date.UTC(2026, 10, 2, 8);
const scratch = scratchDirectory();
afterAll(() => scratch.remove());

let files = 0;
function readModelOf(runs: readonly RunDriver[]): ReadModel {
  const path = scratch.file(`timers-${files++}.sqlite`);
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  for (const message of historyOf(runs).messages) projection.take(0, message);
  projection.flush();
  cache.close();
  return new ReadModel(path);
}

function trip(): RunDriver {
  return new RunDriver("trip", at)
    .do(
      { type: "StartRun", workflow: "bookTrip", input: "{}" },
      schedule("j1", "pay", {}, { options: { scheduleToStartMs: 3_000 } }),
      schedule("j2", "book", {}, { options: { heartbeatMs: 2_000 } }),
      schedule("j3", "mail", {}),
      { type: "SetTimer", timerId: "t1", dueAt: at + 9_000 },
      { type: "AwaitSignal", waitId: "w1", name: "approval", timeoutMs: 8_000 },
      { type: "AwaitSignal", waitId: "w2", name: "endless" },
    )
    .heartbeat("j2")
    .fail("j3", technical("Down", "the mail server is down"));
}

const idsOf = (timers: readonly TimerView[]) => timers.map(({ id }) => id);

describe("What is due", () => {
  test("is listed in the order in which it comes, with what it is", () => {
    const model = readModelOf([trip()]);
    const { timers, count } = model.timers({ limit: 10 });
    expect(count).toBe(5);
    expect(timers.map(({ id, kind, name, dueAt }) => [id, kind, name, dueAt - at])).toEqual([
      ["j3", "backOff", "mail", expect.any(Number)],
      ["j2", "deadline", "book", 2_000],
      ["j1", "deadline", "pay", 3_000],
      ["w1", "signal", "approval", 8_000],
      ["t1", "sleep", undefined, 9_000],
    ]);
    expect(timers.find(({ id }) => id === "j1")).toMatchObject({ unbegun: true, attempt: 1 });
    expect(timers.find(({ id }) => id === "j3")).toMatchObject({ failure: { name: "Down" } });
    model.close();
  });

  test("is found by its kind, its job type, its workflow, its run and its period", () => {
    const other = new RunDriver("other", at).do(
      { type: "StartRun", workflow: "pay", input: "{}" },
      { type: "SetTimer", timerId: "t1", dueAt: at + 100 },
    );
    const model = readModelOf([trip(), other]);
    const found = (query: Omit<TimersQuery, "limit">) => {
      const { timers, count } = model.timers({ ...query, limit: 10 });
      expect(count).toBe(timers.length);
      return idsOf(timers);
    };
    expect(found({ kind: ["sleep"] })).toEqual(["t1", "t1"]);
    expect(found({ kind: ["signal", "backOff"] })).toEqual(["j3", "w1"]);
    expect(found({ jobType: "book" })).toEqual(["j2"]);
    expect(found({ workflow: "pay" })).toEqual(["t1"]);
    expect(found({ workflow: "bookTrip", jobType: "pay" })).toEqual(["j1"]);
    expect(found({ runId: "other" })).toEqual(["t1"]);
    expect(found({ from: at + 2_001, to: at + 8_000 })).toEqual(["j1"]);
    expect(found({ from: at + 8_000, to: at + 9_000 })).toEqual(["w1"]);
    model.close();
  });

  test("follows what people do to it", () => {
    const run = trip()
      .do({ type: "PostponeTimer", timerId: "t1", until: at + 1, ...by("ada", "", "a1") })
      .do({ type: "LiftTimeout", timerId: "w1", ...by("ada", "", "a2") })
      .do({ type: "PostponeRetry", jobId: "j3", until: at + 90_000, ...by("ada", "", "a3") });
    const model = readModelOf([run]);
    const { timers } = model.timers({ limit: 10 });
    expect(timers.map(({ id, dueAt }) => [id, dueAt - at])).toEqual([
      ["t1", 1],
      ["j2", 2_000],
      ["j1", 3_000],
      ["j3", 90_000],
    ]);
    expect(model.action("trip", "a1")).toMatchObject({
      verb: "postponeTimer",
      timerId: "t1",
      outcome: { type: "accepted" },
    });
    model.close();
  });

  test("refuses another list's cursor", () => {
    const model = readModelOf([trip()]);
    const { cursor } = model.openJobs({ limit: 1 });
    expect(() => model.timers({ limit: 1, ...(cursor !== undefined && { cursor }) })).toThrow(BadCursor);
    model.close();
  });

  test("is all that the engine would do by time alone, and no page of any length loses or repeats any", () => {
    const histories = fc.array(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 25 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 7 }), (drawn, limit) => {
        // Many of them in one millisecond.
        const runs = drawn.map((choices, index) => randomRun(`r${index}`, 1_000, choices));
        const expected = runs.flatMap(({ runId, state }) => {
          if (state?.status !== "running") return [];
          const ofJobs = deadlines(state).flatMap(({ dueAt, command }) =>
            "jobId" in command ? [[runId, command.jobId, dueAt]] : [],
          );
          return [...ofJobs, ...openTimers(state).map(({ timerId, dueAt }) => [runId, timerId, dueAt])];
        });
        const model = readModelOf(runs);
        const seen: TimerView[] = [];
        for (let cursor: string | undefined; ; ) {
          const page = model.timers({ limit, cursor });
          expect(page.count).toBe(expected.length);
          seen.push(...page.timers);
          cursor = page.cursor;
          if (cursor === undefined) break;
        }
        model.close();
        expect(seen.map(({ dueAt }) => dueAt)).toEqual(seen.map(({ dueAt }) => dueAt).sort((a, b) => a - b));
        expect(seen.map(({ runId, id, dueAt }) => [runId, id, dueAt]).sort()).toEqual(expected.sort());
      }),
      { numRuns: 40 },
    );
  });
});
