import type { RunEvent } from "@downbeat/domain";
import { LogError, type MessageLog } from "@downbeat/message-log";
import { topics } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { client, NoAnswerError } from "../src/client/index.ts";
import { openTestLog, until } from "./open-log.ts";
import { endOf, Owner } from "./owner.ts";

const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
const completed: RunEvent = { type: "RunCompleted", output: '"done"' };

test("the end of a run that was over before anybody looked is read from history", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.log);
  await owner.claim(0, 1);
  for (const runId of ["a", "r", "b"]) await owner.record(0, endOf(runId, completed));
  await owner.record(
    0,
    endOf("f", { type: "RunFailed", failure: { kind: "code", name: "X", message: "no" } }),
  );
  const c = client({ log: opened.log });
  const results = ["a", "r", "b", "r"].map((runId) => c.run(runId).result());
  expect(await Promise.all(results)).toEqual(["done", "done", "done", "done"]);
  await expect(c.run("f").result()).rejects.toMatchObject({ status: "failed", message: "Run f failed: no" });
  await c.close();
});

test("that of a run that is started and heard of here is not looked for in history", async () => {
  await using opened = await openTestLog(1);
  const { log } = opened;
  const owner = new Owner(opened.connect());
  await owner.claim(0, 1);
  await owner.record(0, endOf("earlier", completed));
  let looked = 0;
  const watched: MessageLog = {
    ...log,
    openConsumer: log.openConsumer.bind(log),
    openProducer: log.openProducer.bind(log),
    openReader: (topic, options) => {
      if (topic === topics.history(0) && options.from === "earliest") looked += 1;
      return log.openReader(topic, options);
    },
    lastPosition: log.lastPosition.bind(log),
    partitionsOf: log.partitionsOf.bind(log),
    topicStats: log.topicStats.bind(log),
    backlogOf: log.backlogOf.bind(log),
    close: log.close.bind(log),
  };
  const c = client({ log: watched });
  const runIds = Array.from({ length: 20 }, (_, i) => `r${i}`);
  await Promise.all(runIds.map((runId) => c.follow(runId)));
  const ends = runIds.map((runId) => c.ended(runId));
  for (const runId of runIds) {
    await c.start("w", 1, { runId, wait: "sent" });
    await owner.record(0, endOf(runId, { type: "RunStarted", workflow: "w", input: "1" }));
  }
  // Longer than anybody waits before looking back.
  expect(await c.run("earlier").result()).toBe("done");
  expect(looked).toBe(1);
  for (const runId of runIds) await owner.record(0, endOf(runId, completed));
  expect(await Promise.all(ends)).toHaveLength(20);
  expect(looked).toBe(1);
  await c.close();
});

test("of a zombie's record it is not: history is read by the accept rule", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.log);
  await owner.claim(0, 1);
  const old = await owner.record(0, endOf("a", completed));
  await owner.claim(0, 2);
  await owner.record(0, endOf("r", { type: "RunCancelled" }), old);
  await owner.record(0, endOf("b", completed), "claim-2");
  const c = client({ log: opened.log });
  const result = c.run("r").result();
  expect(await c.run("b").result()).toBe("done");
  await owner.record(0, endOf("r", completed));
  expect(await result).toBe("done");
  await c.close();
});

test("one that ends while history is read is seen where it ends", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.connect());
  await owner.claim(0, 1);
  for (let i = 0; i < 50; i++) await owner.record(0, endOf(`r${i}`, { type: "LabelsSet", labels: {} }));
  const c = client({ log: opened.log });
  const results = Array.from({ length: 50 }, (_, i) => c.run(`r${i}`).result());
  for (let i = 0; i < 50; i++) await owner.record(0, endOf(`r${i}`, completed));
  expect(new Set(await Promise.all(results))).toEqual(new Set(["done"]));
  await c.close();
});

test("of a run whose history was removed it is said that it is over, and what is not known", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.log);
  await owner.claim(0, 1);
  await owner.leave(0, "r");
  const c = client({ log: opened.log });
  await expect(c.run("r").result()).rejects.toThrow(
    "Run r is over: it is cancelled. What it came to is not in the log any more: its history was removed there.",
  );
  await c.close();
});

test("where the engine says that a run is over, and history holds nothing of it, nobody waits", async () => {
  await using opened = await openTestLog(1);
  const message = "A run r exists already; it is completed.";
  await new Owner(opened.connect()).answer(1, () => [
    { type: "CommandRefused", command: "StartRun", code: "RunExists", message },
  ]);
  const c = client({ log: opened.log });
  const run = await c.start("w", 1, { runId: "r" });
  await expect(run.result()).rejects.toThrow(`${message} What it came to is not in the log any more`);
  await c.close();
});

test("a reading that fails is tried again, and told of once", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.connect());
  await owner.claim(0, 1);
  await owner.record(0, endOf("r", completed));
  let failures = 3;
  const log = but(opened.log, {
    openReader: (topic, options) => {
      if (options.from === "earliest" && failures-- > 0)
        return Promise.reject(new LogError("unavailable", "away"));
      return opened.log.openReader(topic, options);
    },
  });
  const problems: string[] = [];
  const c = client({ log, onProblem: (problem) => problems.push(problem) });
  expect(await c.run("r").result()).toBe("done");
  expect(problems).toEqual(["History could not be read for the ends of runs."]);
  await c.close();
});

test("a lookup is asked first, and history where it doesn't know", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.connect());
  await owner.claim(0, 1);
  await owner.record(0, endOf("r", completed));
  let asked = 0;
  const hasty = {
    now: () => Date.now(),
    setTimer: (callback: () => void) => {
      const timer = setTimeout(callback, 1);
      return () => clearTimeout(timer);
    },
  };
  const lookup = async () => {
    asked++;
    return undefined;
  };
  const c = client({ log: opened.log, clock: hasty, lookup });
  expect(await c.run("r").result()).toBe("done");
  expect(asked).toBe(10);
  await c.close();
});

const never = () => new Promise<never>(() => {});
const away = () => Promise.reject(new LogError("unavailable", "The log can't be reached."));
const refusing = () => Promise.reject(new LogError("unauthorized", "The log refused the token."));

test.each<[string, Partial<MessageLog>, string, string]>([
  ["does not answer", { partitionsOf: never }, "notSent", "the log was not reached within 200 ms. Nothing"],
  [
    "is away",
    { partitionsOf: away },
    "notSent",
    "within 200 ms (The log can't be reached). Nothing was done",
  ],
  ["refuses", { partitionsOf: refusing }, "notSent", "within 200 ms (The log refused the token). Nothing"],
  ["lets nobody read", { openReader: away, lastPosition: away }, "notSent", "was not reached within 200 ms"],
  ["opens no reader, nor says why", { openReader: never }, "notSent", "was not reached within 200 ms"],
  ["lets nobody send", { openProducer: refusing }, "notSent", "was not reached within 200 ms"],
  ["opens no producer, nor says why", { openProducer: never }, "notSent", "was not reached within 200 ms"],
  [
    "gives no receipts",
    { openProducer: async () => ({ send: never, close: async () => {} }) },
    "unconfirmed",
    "was handed to the log, which did not confirm it within 200 ms. It may still be carried out.",
  ],
])("answerWithin holds while the log %s", async (_, broken, delivery, sentence) => {
  await using opened = await openTestLog(1);
  const c = client({ log: but(opened.log, broken), answerWithin: 200 });
  const commands = [c.start("w", 1, { runId: "r" }), c.run("r").cancel("because"), c.run("r").signal("s", 1)];
  for (const command of commands) {
    await expect(command).rejects.toBeInstanceOf(NoAnswerError);
    await expect(command).rejects.toThrow(sentence);
    await expect(command).rejects.toMatchObject({ delivery });
  }
  // Nobody says that of a run, where it is known that nothing could be heard of it.
  const late =
    /^(Run r has not ended within 50 ms|How run r ends can't be told: .* within 50 ms \(The log .*\))\.$/;
  await expect(c.run("r").result({ timeout: 50 })).rejects.toThrow(late);
  const waiting = c.run("r").result();
  await Promise.all([
    c.close(),
    expect(waiting).rejects.toThrow("The client was closed before the answer came."),
  ]);
});

test("receipts are waited for no longer either, where only those are asked for", async () => {
  await using opened = await openTestLog(1);
  const c = client({ log: but(opened.log, { openProducer: away }), answerWithin: 50 });
  await expect(c.start("w", 1, { wait: "sent" })).rejects.toMatchObject({ delivery: "notSent" });
  await expect(c.run("r").signal("s", 1, { signalId: "mine" })).rejects.toMatchObject({
    delivery: "notSent",
  });
  await c.close();
});

test("what was said not to be sent is not sent later, and what is sent again arrives once", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.connect());
  await owner.answer(1, () => [{ type: "LabelsSet", labels: {} }]);
  let isAway = true;
  const log = but(opened.log, {
    openProducer: (topic, options) => (isAway ? away() : opened.log.openProducer(topic, options)),
  });
  const c = client({ log, answerWithin: 300 });
  await expect(c.run("r").cancel("first")).rejects.toThrow("Nothing was done; send it again.");
  isAway = false;
  const d = client({ log: opened.connect() });
  await until(() =>
    c
      .run("r")
      .cancel("second")
      .then(
        () => true,
        () => false,
      ),
  );
  await d.run("r").cancel("third");
  expect(owner.commands.filter((one) => "action" in one && one.action.reason === "first")).toEqual([]);
  await Promise.all([c.close(), d.close()]);
});

test("history that can't be followed any more ends what waits, and who looks again follows it again", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.connect());
  await owner.claim(0, 1);
  const sessions: ((reason: Error) => void)[] = [];
  let isGone = false;
  const log = but(opened.log, {
    openReader: async (topic, options) => {
      if (isGone) {
        isGone = false;
        throw new LogError("invalid", "There is no such position.");
      }
      const { onClose } = options;
      if (options.from !== "earliest" && onClose !== undefined) sessions.push(onClose);
      return opened.log.openReader(topic, options);
    },
  });
  const c = client({ log });
  const run = c.run("r");
  const result = run.result();
  await until(() => sessions.length > 0);
  await c.follow("r");
  isGone = true;
  sessions[0]?.(new LogError("unavailable", "lost"));
  await expect(result).rejects.toThrow("History can't be followed any more: There is no such position.");
  await owner.record(0, endOf("r", completed));
  expect(await run.result()).toBe("done");
  await c.close();
});

/** The log, but for some of its calls. */
function but(log: MessageLog, changed: Partial<MessageLog>): MessageLog {
  return new Proxy(log, {
    get(target, name) {
      if (name in changed) return Reflect.get(changed, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test("a run that never was is an error that says so, within the time of an answer", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.log);
  await owner.claim(0, 1);
  await owner.record(0, endOf("other", completed));
  const c = client({ log: opened.log, answerWithin: 500 });
  await expect(c.run("nobody").result()).rejects.toMatchObject({
    name: "NoSuchRunError",
    runId: "nobody",
    message: "There is no run nobody: history holds nothing of it, and none was started within 500 ms.",
  });
  await c.close();
});

test("a run that never was is said not to be as soon as the engine has decided what was sent before", async () => {
  await using opened = await openTestLog(1);
  await new Owner(opened.connect()).answer(1, () => [started]);
  const c = client({ log: opened.log, answerWithin: "1 hour" });
  await c.start("w", 1, { runId: "other" });
  const problem = await c
    .run("nobody")
    .result()
    .catch((error: unknown) => error);
  expect(problem).toMatchObject({
    name: "NoSuchRunError",
    message: "There is no run nobody: history holds nothing of it, and no start of it was on its way.",
  });
  await c.close();
});

test("a run whose start waits for the engine is not said not to be", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.connect());
  await owner.claim(0, 1);
  // Its subscription is there, and an engine that takes its time.
  const inbox = topics.inbox(0);
  const engine = await opened.connect().openConsumer(inbox, {
    subscription: "engine",
    type: "Failover",
    onMessage: () => {},
  });
  const starter = client({ log: opened.connect() });
  await starter.start("w", 1, { runId: "late", wait: "sent" });
  let asked = 0;
  const log = but(opened.log, {
    backlogOf: (topic, subscription) => {
      asked++;
      return opened.log.backlogOf(topic, subscription);
    },
  });
  const c = client({ log, answerWithin: "1 hour" });
  const result = c.run("late").result();
  let isOver = false;
  result.catch(() => {}).finally(() => (isOver = true));
  await until(() => asked >= 5);
  expect(isOver).toBe(false);
  await owner.record(0, endOf("late", started));
  await owner.record(0, endOf("late", completed));
  expect(await result).toBe("done");
  await engine.close();
  await Promise.all([c.close(), starter.close()]);
});

test("where the engine's inbox can't be looked into, a run is waited for", async () => {
  await using opened = await openTestLog(1);
  await new Owner(opened.connect()).claim(0, 1);
  const log = but(opened.log, { backlogOf: () => Promise.reject(new Error("not permitted")) });
  const c = client({ log, answerWithin: 2_000 });
  await expect(c.run("nobody").result()).rejects.toThrow("none was started within 2000 ms");
  await c.close();
});

test("with a time-out that comes first it is said as well", async () => {
  await using opened = await openTestLog(1);
  const c = client({ log: opened.log, answerWithin: "1 hour" });
  await expect(c.run("nobody").result({ timeout: 3_000 })).rejects.toMatchObject({
    name: "NoSuchRunError",
    message: expect.stringContaining("none was started within 3000 ms"),
  });
  await c.close();
});

test("one that somebody starts meanwhile is waited for", async () => {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.connect());
  await owner.claim(0, 1);
  const c = client({ log: opened.log, answerWithin: 2_000 });
  const result = c.run("late").result();
  await c.follow("late");
  await owner.record(0, endOf("late", { type: "RunStarted", workflow: "w", input: "1" }));
  await expect(c.run("late").result({ timeout: 4_000 })).rejects.toThrow("has not ended within 4000 ms");
  await owner.record(0, endOf("late", completed));
  expect(await result).toBe("done");
  await c.close();
});

test("a result is not waited for without end where the log isn't reached", async () => {
  const away = {
    openProducer: () => Promise.reject(new LogError("unavailable", "Nobody answers.")),
    openReader: () => Promise.reject(new LogError("unavailable", "Nobody answers.")),
    openConsumer: () => Promise.reject(new LogError("unavailable", "Nobody answers.")),
    partitionsOf: () => Promise.reject(new LogError("unavailable", "Nobody answers.")),
  } as unknown as MessageLog;
  const c = client({ log: away, answerWithin: 300, onProblem: () => {} });
  await expect(c.run("r").result()).rejects.toThrow(
    "How run r ends can't be told: the log was not reached within 300 ms (Nobody answers).",
  );
  await c.close();
});
