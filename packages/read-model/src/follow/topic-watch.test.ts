import { type Clock, type MessageLog, noSuchTopic, systemClock } from "@downbeat/message-log";
import { expect, test } from "vitest";
import { refusingSentence } from "./refusing-sentence.ts";
import { TopicWatch } from "./topic-watch.ts";

/** Looks when it is told to. */
function watchOver(refusals: Map<string, string | Error>, jobTypes: string[] = []) {
  let again: (() => void) | undefined;
  const clock: Clock = {
    ...systemClock,
    setTimer: (run) => {
      again = run;
      return () => {};
    },
  };
  const log = {
    refusalOf: async (topic: string) => {
      const refusal = refusals.get(topic);
      if (refusal instanceof Error) throw refusal;
      return refusal;
    },
  } as MessageLog;
  const watch = new TopicWatch({ log, clock, partitions: 1, jobTypes: () => jobTypes });
  const looked = async () => {
    while (again === undefined) await new Promise(setImmediate);
  };
  const look = async () => {
    await looked();
    const run = again;
    again = undefined;
    run?.();
    await looked();
  };
  return { watch, look };
}

test("a topic that takes nothing is named with the log's reason, from the second look on, until it takes something", async () => {
  const refusals = new Map<string, string | Error>([["jobs-pay", "the topic is terminated."]]);
  const { watch, look } = watchOver(refusals, ["pay", "bookHotel"]);
  expect(watch.refusing).toEqual([]);
  await look();
  expect(watch.refusing).toEqual([{ topic: "jobs-pay", reason: "the topic is terminated." }]);
  refusals.set("history-partition-0", "the topic takes no more messages: 3 MB wait in it.");
  await look();
  await look();
  expect(watch.refusing.map(({ topic }) => topic)).toEqual(["jobs-pay", "history-partition-0"]);
  refusals.clear();
  await look();
  expect(watch.refusing).toEqual([]);
});

test("what can't be told, is over at the next look, or is made by its first message is not named", async () => {
  const refusals = new Map<string, string | Error>([
    ["timers", noSuchTopic],
    ["jobs-pay", new Error("away")],
    ["inbox-partition-0", "being moved."],
  ]);
  const { watch, look } = watchOver(refusals, ["pay"]);
  await look();
  refusals.delete("inbox-partition-0");
  await look();
  expect(watch.refusing).toEqual([]);
  refusals.set("jobs-pay", noSuchTopic);
  await look();
  await look();
  expect(watch.refusing).toEqual([{ topic: "jobs-pay", reason: noSuchTopic }]);
});

test("a topic that takes nothing isn't taken for well while the log can't be asked", async () => {
  const refusals = new Map<string, string | Error>([["jobs-pay", "the topic is terminated."]]);
  const { watch, look } = watchOver(refusals, ["pay"]);
  await look();
  refusals.set("jobs-pay", new Error("503"));
  await look();
  expect(watch.refusing).toEqual([{ topic: "jobs-pay", reason: "the topic is terminated." }]);
  refusals.clear();
  await look();
  expect(watch.refusing).toEqual([]);
});

test("a job type of which nothing waits any more is not looked at", async () => {
  const types = ["pay"];
  const { watch, look } = watchOver(new Map([["jobs-pay", "full."]]), types);
  await look();
  expect(watch.refusing).toHaveLength(1);
  types.pop();
  await look();
  expect(watch.refusing).toEqual([]);
});

test("the sentence names three of them, and how many more there are", () => {
  const refusing = ["a", "b", "c", "d", "e"].map((topic) => ({ topic, reason: "it is full." }));
  expect(refusingSentence([])).toBeUndefined();
  expect(refusingSentence(refusing)).toBe(
    "Nothing can be sent to a topic, and what belongs there waits; everything else goes on. a: it is full. b: it is full. c: it is full. So it is with 2 more.",
  );
});
