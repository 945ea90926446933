import type { Effect } from "@downbeat/domain";
import { LogError, type OutgoingMessage, type Position, TopicProducers } from "@downbeat/message-log";
import {
  longestDelayMs,
  parseJobMessage,
  parseQuestionMessage,
  parseTimerMessage,
  topics,
} from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { EffectPublisher, isOfMessage, topicOf } from "../src/effect-publisher.ts";
import { EngineClock } from "./engine-clock.ts";

const attempt: Extract<Effect, { type: "DispatchAttempt" }> = {
  type: "DispatchAttempt",
  runId: "r1",
  workflow: "order",
  jobId: "j2",
  jobType: "charge",
  attempt: 3,
  idempotencyKey: "r1/j2",
  input: "1",
};
const timer: Extract<Effect, { type: "ArmTimer" }> = {
  type: "ArmTimer",
  runId: "r1",
  timerId: "t1",
  generation: 2,
  dueAt: 1_000,
};

function opened() {
  const sent: { topic: string; message: OutgoingMessage }[] = [];
  const told: string[] = [];
  const log: { refuses: Error | undefined; refusal: ((topic: string) => Error | undefined) | undefined } = {
    refuses: undefined,
    refusal: undefined,
  };
  const producers = new TopicProducers({
    openProducer: async (topic) => ({
      send: async (message) => {
        const refused = log.refuses ?? log.refusal?.(topic);
        if (refused !== undefined) throw refused;
        sent.push({ topic, message });
        return "1:0" as Position;
      },
      close: async () => {},
    }),
  });
  const observer = {
    dispatched: (jobType: string) => told.push(`dispatched ${jobType}`),
    topicRefuses: (topic: string, reason: string) => told.push(`${topic} refuses: ${reason}`),
    topicReplaced: (topic: string, by: string, reason: string) =>
      told.push(`${by} in place of ${topic}: ${reason}`),
    topicTakes: (topic: string) => told.push(`${topic} takes`),
  };
  const clock = Object.assign(new EngineClock(), {
    defer: (callback: () => void) => void setImmediate(callback),
  });
  const publisher = new EffectPublisher(producers, observer, clock);
  return { publisher, sent, told, log };
}

describe("An attempt", () => {
  test("goes to the workers of its type, all attempts of one job in their order", async () => {
    const { publisher, sent, told } = opened();
    await publisher.publish(attempt, 0);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ topic: "jobs-charge", message: { key: "r1/j2" } });
    const { type: _, ...expected } = attempt;
    expect(sent[0] && parseJobMessage(sent[0].message.payload)).toEqual(expected);
    expect(sent[0]?.message.deliverAt).toBeUndefined();
    expect(told).toEqual(["dispatched charge"]);
  });
});

test("whoever observes nothing is told nothing", async () => {
  let refusal: unknown;
  const producers = new TopicProducers({
    openProducer: async () => ({
      send: async () => {
        if (refusal !== undefined) throw refusal;
        return undefined;
      },
      close: async () => {},
    }),
  });
  const publisher = new EffectPublisher(producers, {}, new EngineClock());
  await publisher.publish(attempt, 0);
  refusal = "full";
  await expect(publisher.publish(attempt, 0)).rejects.toBe("full");
  expect([...publisher.refusals]).toEqual([["jobs-charge", "full"]]);
  refusal = undefined;
  await publisher.publish(attempt, 0);
  expect([...publisher.refusals]).toEqual([]);
});

describe("A timer's wake-up", () => {
  test.each([
    ["when it is due", 1_000, 0, 1_000],
    ["at once, as it is due already", 1_000, 5_000, 1_000],
    ["on the way, as it is far ahead", 10 * longestDelayMs, 7, longestDelayMs + 7],
  ])("comes %s", async (_, dueAt, now, deliverAt) => {
    const { publisher, sent, told } = opened();
    await publisher.publish({ ...timer, dueAt }, now);
    expect(sent[0]).toMatchObject({ topic: "timers", message: { key: "r1", deliverAt } });
    expect(sent[0] && parseTimerMessage(sent[0].message.payload)).toEqual({
      runId: "r1",
      timerId: "t1",
      generation: 2,
      dueAt,
    });
    expect(told).toEqual([]);
  });
});

describe("A question for a build", () => {
  const own = topics.decisionsOfBuild("trip", "2");
  const effect = { type: "AskCode", runId: "r", workflow: "trip", upTo: 1, attempt: 1, build: "2" } as const;
  const asked = { runId: "r", workflow: "trip", upTo: 1, attempt: 1, events: [], build: "2" };
  const known = { buildsOf: () => ["1", "2"] };
  const builds = (message: OutgoingMessage | undefined) =>
    message && parseQuestionMessage(message.payload).questions.map(({ build }) => build);

  test("goes to the topic of that build", async () => {
    const { publisher, sent } = opened();
    await publisher.ask(asked, effect, known);
    expect(sent.map(({ topic }) => topic)).toEqual([own]);
  });

  test.each(["missing", "unauthorized"] as const)(
    "goes to the workflow's own topic where that one is %s, for that build; it is said once, and nothing counts as refusing",
    async (code) => {
      const { publisher, sent, told, log } = opened();
      log.refusal = (topic) => (topic === own ? new LogError(code, "not to be had") : undefined);
      await publisher.ask(asked, effect, known);
      await publisher.ask({ ...asked, upTo: 3 }, { ...effect, upTo: 3 }, known);
      expect(sent.map(({ topic, message }) => [topic, builds(message)])).toEqual([
        ["decisions-trip", ["2"]],
        ["decisions-trip", ["2"]],
      ]);
      expect(told).toEqual([`decisions-trip in place of ${own}: not to be had`]);
      expect([...publisher.refusals]).toEqual([]);
      log.refusal = undefined;
      await publisher.ask(asked, effect, known);
      expect(sent.at(-1)?.topic).toBe(own);
      log.refusal = (topic) => (topic === own ? new LogError(code, "gone again") : undefined);
      await publisher.ask(asked, effect, known);
      expect(told).toHaveLength(2);
    },
  );

  test("a topic of a build that refused before, and can't be had any more, refuses nothing", async () => {
    const { publisher, told, log } = opened();
    log.refusal = (topic) => (topic === own ? new LogError("unavailable", "not now") : undefined);
    await expect(publisher.ask(asked, effect, known)).rejects.toThrow("not now");
    expect([...publisher.refusals]).toEqual([[own, "not now"]]);
    log.refusal = (topic) => (topic === own ? new LogError("missing", "no topic") : undefined);
    await publisher.ask(asked, effect, known);
    expect([...publisher.refusals]).toEqual([]);
    expect(told).toContain(`${own} takes`);
  });

  test("is not sent where the workflow's own topic refuses as well, which is said of that one", async () => {
    const { publisher, log } = opened();
    log.refuses = new LogError("missing", "no topic");
    await expect(publisher.ask(asked, effect, known)).rejects.toThrow("no topic");
    expect([...publisher.refusals]).toEqual([["decisions-trip", "no topic"]]);
  });
});

describe("A topic that takes nothing", () => {
  test("is said once for each reason, until it takes something again", async () => {
    const { publisher, told, log } = opened();
    log.refuses = new LogError("unavailable", "not now");
    await expect(publisher.publish(timer, 0)).rejects.toThrow("not now");
    await expect(publisher.publish(timer, 0)).rejects.toThrow("not now");
    expect(told).toEqual(["timers refuses: not now"]);
    log.refuses = new LogError("missing", "no topic");
    await expect(publisher.publish(timer, 0)).rejects.toThrow("no topic");
    expect([...publisher.refusals]).toEqual([["timers", "no topic"]]);
    log.refuses = undefined;
    await publisher.publish(timer, 0);
    await publisher.publish(timer, 0);
    expect(told.slice(1)).toEqual(["timers refuses: no topic", "timers takes"]);
    expect(publisher.refusals.size).toBe(0);
  });

  test.each(["tooLarge", "invalid"] as const)("is not meant by a message that is %s", async (code) => {
    const { publisher, told, log } = opened();
    log.refuses = new LogError(code, "this one not");
    await expect(publisher.publish(attempt, 0)).rejects.toThrow("this one not");
    expect(told).toEqual([]);
    expect(publisher.refusals.size).toBe(0);
  });

  test("is said by nobody where nobody listens", async () => {
    const failing = { openProducer: () => Promise.reject(new LogError("unavailable", "not now")) };
    const publisher = new EffectPublisher(new TopicProducers(failing), {}, new EngineClock());
    await expect(publisher.publish(timer, 0)).rejects.toThrow("not now");
    expect([...publisher.refusals.keys()]).toEqual(["timers"]);
  });
});

test("only what the log says of a message is of the message", () => {
  expect(isOfMessage(new LogError("tooLarge", "x"))).toBe(true);
  expect(isOfMessage(new LogError("invalid", "x"))).toBe(true);
  expect(isOfMessage(new LogError("unavailable", "x"))).toBe(false);
  expect(isOfMessage(Object.assign(new Error("x"), { code: "invalid" }))).toBe(false);
  expect([topicOf(attempt), topicOf(timer)]).toEqual(["jobs-charge", "timers"]);
});
