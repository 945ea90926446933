import type { RunCommand } from "@downbeat/domain";
import type { MessageLog } from "@downbeat/message-log";
import {
  type CalledOffMessage,
  encodeCalledOffMessage,
  encodeJobMessage,
  type JobMessage,
  parseInboxMessage,
  topics,
} from "@downbeat/protocol";
import { expect, test } from "vitest";
import { worker } from "../src/worker/index.ts";
import { collect, openTestLog, until } from "./open-log.ts";

const quiet = { onProblem: () => {} };
const ref = (runId: string) => ({ runId, jobId: "j1", jobType: "work", attempt: 1 });

async function dispatch(log: MessageLog, ...runIds: string[]): Promise<void> {
  const producer = await log.openProducer(topics.jobs("work"));
  for (const runId of runIds) {
    const message: JobMessage = { ...ref(runId), workflow: "w", idempotencyKey: runId, input: `"${runId}"` };
    await producer.send({ payload: encodeJobMessage(message) });
  }
  await producer.close();
}

async function callOff(log: MessageLog, ...messages: CalledOffMessage[]): Promise<void> {
  const producer = await log.openProducer(topics.calledOff);
  for (const message of messages) await producer.send({ payload: encodeCalledOffMessage(message) });
  await producer.close();
}

/** Results in the inbox. */
function results(log: MessageLog): Promise<RunCommand[]> {
  return collect<RunCommand>(log, [topics.inbox(0), topics.inbox(1)], (message) =>
    parseInboxMessage(message.payload).commands.filter(
      (command): command is RunCommand => command.type !== "Tick" && command.type !== "HeartbeatAttempt",
    ),
  );
}

/** Handlers that go on until their signal says why they need not. */
function endless() {
  const begun: string[] = [];
  const told: string[] = [];
  const work = (runId: string, { signal }: { signal: AbortSignal }): Promise<never> =>
    new Promise((_, reject) => {
      begun.push(runId);
      signal.addEventListener("abort", () => {
        told.push(`${runId}: ${(signal.reason as Error).message}`);
        reject(signal.reason);
      });
    });
  return { begun, told, work };
}

test.each([
  ["abandoned", "work was called off: its run has ended without waiting for it."],
  ["cancelled", "work was called off: the job was cancelled."],
  ["completed", "work was called off: a person completed the job."],
  ["timedOut", "work was called off: the attempt's time is up."],
  ["whatever comes later", "work was called off: nobody waits for it any more."],
])(
  "a handler whose attempt was called off as %s hears of it, and the engine of its end",
  async (because, said) => {
    await using opened = await openTestLog();
    const { log } = opened;
    const answers = await results(log);
    const { begun, told, work } = endless();
    const hosted = worker({ log: opened.connect(), jobs: { work }, ...quiet });
    await dispatch(log, "one", "other");
    await until(() => begun.length === 2, "both to begin");
    // What is not of this worker, or can't be read, is passed over.
    const producer = await log.openProducer(topics.calledOff);
    await producer.send({ payload: Buffer.from("{") });
    await callOff(log, { ...ref("one"), jobType: "rest", because }, { ...ref("one"), attempt: 2, because });
    await callOff(log, { ...ref("one"), because });
    await until(() => answers.length === 1, "a result");
    expect(told).toEqual([`one: ${said}`]);
    expect(answers[0]).toMatchObject({ type: "FailAttempt", runId: "one", failure: { message: said } });
    expect(hosted.running).toBe(1);
    await hosted.stop({ graceMs: 1 });
  },
);

test("an attempt that waits for its turn, or comes later, is not begun any more when it was called off", async () => {
  await using opened = await openTestLog();
  const { log } = opened;
  const answers = await results(log);
  const { begun, work } = endless();
  const hosted = worker({ log: opened.connect(), jobs: { work }, concurrency: 1, ...quiet });
  await dispatch(log, "first");
  await until(() => begun.length === 1, "the first to begin");
  await callOff(log, { ...ref("waiting"), because: "abandoned" });
  await dispatch(log, "waiting", "last");
  await callOff(log, { ...ref("first"), because: "cancelled" });
  await until(() => begun.includes("last"), "the last to begin");
  expect(begun).toEqual(["first", "last"]);
  await callOff(log, { ...ref("last"), because: "cancelled" });
  await until(() => answers.length === 2, "both results");
  await until(
    async () => (await log.topicStats(topics.jobs("work"))).subscriptions[0]?.backlog === 0,
    "an empty topic",
  );
  await hosted.stop();
});

test("a handler that does not listen finishes, and what it comes to is sent", async () => {
  await using opened = await openTestLog();
  const { log } = opened;
  const answers = await results(log);
  let finish = (): void => {};
  const work = ({ signal }: { signal: AbortSignal }) =>
    new Promise((resolve) => {
      signal.addEventListener("abort", () => finish());
      finish = () => resolve("done");
    });
  const hosted = worker({ log: opened.connect(), jobs: { work: (_, context) => work(context) }, ...quiet });
  await dispatch(log, "one");
  await until(() => hosted.running === 1, "it to begin");
  await until(async () => {
    await callOff(log, { ...ref("one"), because: "abandoned" });
    return answers.length > 0;
  });
  expect(answers[0]).toMatchObject({ type: "CompleteAttempt", output: '"done"' });
  await hosted.stop();
});
