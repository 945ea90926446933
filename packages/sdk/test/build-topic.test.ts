import { LogError, type MessageLog } from "@downbeat/message-log";
import { type AskedQuestion, questionKey, questionMessageOf, topics } from "@downbeat/protocol";
import { expect, onTestFinished, test } from "vitest";
import { workflow } from "../src/index.ts";
import { worker } from "../src/worker/index.ts";
import { openTestLog, until } from "./open-log.ts";
import { Owner } from "./owner.ts";

const own = topics.decisionsOfBuild("trip", "2");

/** A worker of build 2, on a log where its build's topic can't be had as long as somebody says so. */
async function hosted(refusal: { reason: Error | undefined }) {
  const opened = await openTestLog(1);
  const owner = new Owner(opened.connect());
  await owner.answer(1, () => undefined);
  const openConsumer: MessageLog["openConsumer"] = async (topic, options) => {
    if (topic === own && refusal.reason !== undefined) throw refusal.reason;
    return opened.log.openConsumer(topic, options);
  };
  const log = new Proxy(opened.log, {
    get(target, name) {
      if (name === "openConsumer") return openConsumer;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const problems: string[] = [];
  const one = worker({
    log,
    build: "2",
    isolation: "none",
    workflows: [workflow("trip", async () => "done")],
    onProblem: (problem, error) => problems.push(`${problem} ${error?.message}`),
  });
  onTestFinished(async () => {
    await one.stop();
    await opened[Symbol.asyncDispose]();
  });
  await one.ready;
  const producers = opened.connect();
  const ask = async (topic: string, runId: string) => {
    const event = { type: "RunStarted", workflow: "trip", input: "1", codeIn: "workers", rules: 2 } as const;
    const question: AskedQuestion = {
      ...{ runId, workflow: "trip", upTo: 1, attempt: 1, build: "2" },
      events: [{ seq: 1, at: 1, event }],
    };
    const producer = await producers.openProducer(topic);
    await producer.send({ payload: questionMessageOf([JSON.stringify(question)]), key: questionKey(runId) });
    await producer.close();
  };
  const isAnswered = (runId: string) =>
    owner.commands.some((command) => command.type === "AnswerQuestion" && command.runId === runId);
  return { ask, isAnswered, problems };
}

test.each([
  ["missing", "There is no such topic."],
  ["unauthorized", "You may not consume there."],
] as const)(
  "a worker whose build's topic is %s says so once, answers what comes by the workflow's own, and takes the topic when it can be had",
  async (code, message) => {
    const refusal: { reason: Error | undefined } = { reason: new LogError(code, message) };
    const { ask, isAnswered, problems } = await hosted(refusal);
    await ask(topics.decisions("trip"), "r-1");
    await until(() => isAnswered("r-1") && problems.length > 0);
    await ask(own, "r-2");
    refusal.reason = undefined;
    await until(() => isAnswered("r-2"));
    expect(problems).toEqual([
      `What is asked of build 2 of trip can't be taken from its topic ${own}: it comes by decisions-trip, more slowly. ${message}`,
    ]);
  },
);

test("one that will never be had is said, and the workflow's own topic is read on", async () => {
  const { ask, isAnswered, problems } = await hosted({ reason: new LogError("invalid", "It is no name.") });
  await ask(topics.decisions("trip"), "r-1");
  await until(() => isAnswered("r-1") && problems.length > 0);
  expect(problems).toEqual([expect.stringMatching(/can't be taken from its topic .* It is no name\.$/)]);
});

test("a log that is away for a while is nothing to be said of a build's topic", async () => {
  const refusal: { reason: Error | undefined } = { reason: new LogError("unavailable", "Not now.") };
  const { ask, isAnswered, problems } = await hosted(refusal);
  await ask(own, "r-1");
  refusal.reason = undefined;
  await until(() => isAnswered("r-1"));
  expect(problems).toEqual([]);
});
