import type { MessageLog } from "@downbeat/message-log";
import { type AskedQuestion, questionKey, questionMessageOf, topics } from "@downbeat/protocol";
import { expect, test, vi } from "vitest";
import { workflow } from "../src/index.ts";
import { worker } from "../src/worker/index.ts";
import { openTestLog } from "./open-log.ts";
import { Owner } from "./owner.ts";

// What a worker says to engines of this version and of the one before, of questions that ended workers: docs/upgrading.md.

const started = {
  type: "RunStarted",
  workflow: "waits",
  input: "null",
  rules: 2,
  codeIn: "workers",
} as const;
const waits = workflow("waits", async (run) => void (await run.signal("go")));

/** A worker on a log that forgets how often it delivered something, if it does; questions from before it, or after. */
async function asked(forgets: boolean, when: "before" | "after", more: Partial<AskedQuestion>) {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.connect());
  await owner.answer(1, () => undefined);
  const ask = async () => {
    const question = { runId: "r", workflow: "waits", upTo: 1, attempt: 2, ...more };
    const events = [{ seq: 1, at: 1, event: started }];
    const payload = questionMessageOf([JSON.stringify({ ...question, events })]);
    const producer = await opened.log.openProducer(topics.decisions("waits"));
    await producer.send({ payload, key: questionKey("r") });
    await producer.close();
  };
  if (when === "before") await ask();
  const connected = opened.connect();
  const log: MessageLog = new Proxy(connected, {
    get(target, name) {
      if (name === "forgetsDeliveries") return forgets ? true : undefined;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const hosted = worker({ log, workflows: [waits], isolation: "none", build: "1", logger: false });
  await hosted.ready;
  if (when === "after") await ask();
  await vi.waitFor(() => expect(owner.commands.length).toBeGreaterThan(0), 60_000);
  await hosted.stop();
  return owner.commands[0];
}

test.each<[string, boolean, "before" | "after", Partial<AskedQuestion>, object]>([
  ["one that a new engine is to mark", true, "after", { ends: 1, begins: false }, { ended: "begins" }],
  ["one that it has marked", true, "after", { ends: 1, begins: true }, { type: "AnswerQuestion" }],
  ["one of an engine that marks none", true, "after", { ends: 1 }, { type: "AnswerQuestion" }],
  ["one that was there before the worker", true, "before", {}, { because: "workerEnded", ended: "maybe" }],
  ["one that was there before, on a log that counts", false, "before", {}, { type: "AnswerQuestion" }],
  [
    "one to mark, on a log that counts",
    false,
    "after",
    { ends: 1, begins: false },
    { type: "AnswerQuestion" },
  ],
  ["one with a field of a later engine", true, "after", { later: 7 } as object, { type: "AnswerQuestion" }],
])("a worker takes %s as it must", { timeout: 120_000 }, async (_, forgets, when, question, expected) => {
  expect(await asked(forgets, when, question)).toMatchObject(expected);
});
