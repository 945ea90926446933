import type { RunCommand } from "@downbeat/domain";
import { type Clock, type MessageLog, systemClock } from "@downbeat/message-log";
import { expect, test } from "vitest";
import { Asking } from "../src/worker/asking.ts";
import { openTestLog, until } from "./open-log.ts";
import { Owner } from "./owner.ts";

const ref = { runId: "r", jobId: "j1", attempt: 1, worker: "w", startedAt: 1 };
const question = (commandId: string): RunCommand => ({
  type: "HeartbeatAttempt",
  commandId,
  ...ref,
  begins: true,
});

/** The log, and how many readers of it are open. */
function counted(log: MessageLog): { readonly log: MessageLog; readonly readers: () => number } {
  let readers = 0;
  const openReader: MessageLog["openReader"] = async (topic, options) => {
    readers++;
    return log.openReader(topic, {
      ...options,
      onClose: (reason) => {
        readers--;
        options.onClose?.(reason);
      },
    });
  };
  const proxy = new Proxy(log, {
    get: (target, name) => {
      if (name === "openReader") return openReader;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { log: proxy, readers: () => readers };
}

test("who asks the engine reads history only while it does, and a while longer", async () => {
  await using opened = await openTestLog();
  const owner = new Owner(opened.connect());
  await owner.answer(2, () => [
    { type: "AttemptStarted", jobId: "j1", attempt: 1, worker: "w", startedAt: 1 },
  ]);
  const { log, readers } = counted(opened.connect());
  const idle: (() => void)[] = [];
  const clock: Clock = {
    now: () => Date.now(),
    setTimer: (callback, ms) => {
      if (ms !== 30_000) return systemClock.setTimer(callback, ms);
      idle.push(callback);
      return () => void idle.splice(idle.indexOf(callback), 1);
    },
  };
  const asking = new Asking(log, "w", clock);
  expect(readers()).toBe(0);
  const answers = await Promise.all([asking.decisionOn(question("a")), asking.decisionOn(question("b"))]);
  expect(answers).toMatchObject([[{ type: "AttemptStarted" }], [{ type: "AttemptStarted" }]]);
  expect(idle).toHaveLength(1);
  expect(readers()).toBe(1);
  idle[0]?.();
  await until(() => readers() === 0, "the reader to be closed");
  expect(await asking.decisionOn(question("c"))).toMatchObject([{ type: "AttemptStarted" }]);
  await asking.close();
  expect(readers()).toBe(0);
});

test("where no engine answers in time nothing is known, and what can't be asked is an error", async () => {
  await using opened = await openTestLog();
  const clock: Clock = {
    now: () => Date.now(),
    // Time that is waited for is over at once.
    setTimer: (callback, ms) => systemClock.setTimer(callback, ms === 10_000 ? 50 : ms),
  };
  const asking = new Asking(opened.connect(), "w", clock);
  expect(await asking.decisionOn(question("a"))).toBeUndefined();
  await expect(asking.decisionOn({ ...question("b"), runId: "" })).rejects.toThrow("runId");
  await asking.close();
});
