import type { RunEvent } from "@downbeat/domain";
import { LogError, type MessageLog, systemClock } from "@downbeat/message-log";
import { expect, test } from "vitest";
import { type Past, PastEnds } from "../src/client/past-ends.ts";
import { openTestLog, until } from "./open-log.ts";
import { endOf, Owner } from "./owner.ts";

const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
const labelled: RunEvent = { type: "LabelsSet", labels: {} };
const completed = (output: string): RunEvent => ({ type: "RunCompleted", output });
const refused: RunEvent = { type: "CommandRefused", command: "CancelRun", code: "RunExists", message: "no" };
const begun = (runId: string, ...events: RunEvent[]) => ({ ...endOf(runId, ...events), seq: 1 });

async function opened(own: Partial<MessageLog> = {}) {
  const test = await openTestLog(1);
  const owner = new Owner(test.connect());
  await owner.claim(0, 1);
  const problems: string[] = [];
  const stop = new AbortController();
  const wanted = new Set<string>();
  const state = { readings: 0, isWanted: (runId: string) => wanted.has(runId) };
  const log: MessageLog = new Proxy(test.log, {
    get: (target, name) => {
      if (name === "openReader") state.readings += 1;
      const value: unknown = Reflect.get(name in own ? own : target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const ends = new PastEnds({
    log,
    partition: 0,
    clock: systemClock,
    stop: stop.signal,
    isWanted: (runId) => state.isWanted(runId),
    onProblem: (what) => void problems.push(what),
  });
  const find = (runId: string): Promise<Past> => {
    wanted.add(runId);
    return ends.find(runId);
  };
  return { test, owner, problems, stop, state, find };
}

test("history says of each run whether it is over and how, open, removed, or nothing", async () => {
  const { test: log, owner, find, state } = await opened();
  await using _ = log;
  await owner.record(0, begun("over", started));
  await owner.record(0, begun("open", started, labelled));
  await owner.record(0, endOf("over", completed('"first"')));
  // Refused once it was over: that changes nothing.
  await owner.record(0, endOf("over", refused));
  await owner.record(0, endOf("refused", refused));
  // Its beginning isn't there.
  await owner.record(0, endOf("cut", labelled));
  await owner.record(0, begun("again", started, completed("1")));
  await owner.record(0, begun("again", started));
  const runIds = ["over", "open", "refused", "cut", "again", "nobody"];
  const found = await Promise.all(runIds.map(find));
  expect(found.map(({ is }) => is)).toEqual(["over", "open", "unknown", "open", "open", "unknown"]);
  expect(found[0]).toMatchObject({ end: { status: "completed", output: '"first"' } });
  // Once for all that are asked for together.
  expect(state.readings).toBe(1);
});

test("an open run's standing is what its history comes to", async () => {
  const { test: log, owner, find } = await opened();
  await using _ = log;
  const failure = { kind: "code", name: "E", message: "m" } as const;
  await owner.record(0, begun("r", started, { type: "RunStuck", failure }));
  const past = await find("r");
  expect(past.is === "open" && past.standing.stuck).toEqual({ failure });
});

test("a run whose history was removed is known by how it ended", async () => {
  const { test: log, owner, find } = await opened();
  await using _ = log;
  await owner.leave(0, "r");
  expect(await find("r")).toEqual({ is: "removed", status: "cancelled" });
});

test("what is asked for while history is read is looked for in another reading, after it", async () => {
  const { test: log, owner, find, state } = await opened();
  await using _ = log;
  await owner.record(0, endOf("a", completed("1")));
  const first = find("a");
  await until(() => state.readings === 1, "the first reading");
  const second = find("a");
  expect((await first).is).toBe("over");
  expect((await second).is).toBe("over");
  expect(state.readings).toBe(2);
});

test("an empty history holds nothing, and is not read", async () => {
  const { test: log, find, state } = await opened({ lastPosition: async () => undefined });
  await using _ = log;
  expect(await find("r")).toEqual({ is: "unknown" });
  expect(state.readings).toBe(0);
});

test("a reading that fails is tried again, and told of once; one that is stopped fails", async () => {
  let failures = 3;
  const {
    test: log,
    owner,
    find,
    problems,
  } = await opened({
    async lastPosition(this: MessageLog, topic: string) {
      if (failures-- > 0) throw new LogError("unavailable", "away");
      return this.lastPosition(topic);
    },
  });
  await using _ = log;
  await owner.record(0, endOf("r", completed("1")));
  expect((await find("r")).is).toBe("over");
  expect(problems).toEqual(["History could not be read for the ends of runs."]);

  const away = await opened({
    lastPosition: async () => {
      throw new LogError("unavailable", "away");
    },
  });
  await using __ = away.test;
  const found = away.find("r");
  await until(() => away.problems.length === 1, "what is said of it");
  away.stop.abort();
  await expect(found).rejects.toThrow();
});

test("a long history is not read to its end when nobody waits any more", async () => {
  const { test: log, owner, find, state } = await opened();
  await using _ = log;
  state.isWanted = () => false;
  for (let index = 0; index < 510; index++) await owner.record(0, begun(`r${index}`, started));
  await owner.record(0, endOf("late", completed("1")));
  expect(await find("late")).toEqual({ is: "unknown" });
  state.isWanted = () => true;
  expect((await find("late")).is).toBe("over");
});
