import { encryptedOf, encryptedPayload, type RunDecision } from "@downbeat/domain";
import { systemClock } from "@downbeat/message-log";
import type { AskedQuestion, DecisionAnswer } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { EncryptedCode } from "../../src/codec/encrypted-code.ts";
import { Insistence } from "../../src/codec/insistence.ts";
import { Payloads } from "../../src/codec/payloads.ts";
import { RunKeys } from "../../src/codec/run-keys.ts";

const sealed = (data: string) => encryptedPayload({ v: 1, alg: "own", key: "k-1", nonce: "", data });

function coded(decisions: readonly RunDecision[]) {
  const likes: (string | undefined)[] = [];
  const payloads = new Payloads({
    encode: (_, { like }) => {
      likes.push(like);
      return sealed("x");
    },
    decode: () => "null",
  });
  const answer: DecisionAnswer = { type: "decided", answerId: "a-1", decisions };
  const code = new EncryptedCode({ answer: async () => answer }, payloads, {
    insistence: new Insistence(systemClock, () => {}),
    stop: new AbortController().signal,
  });
  const ask = async (question: AskedQuestion) => code.sent(question, await code.answer(question));
  return { ask, likes, code };
}

const named = { runId: "r-1", workflow: "w", attempt: 1 };
const begun: AskedQuestion = {
  ...named,
  upTo: 1,
  events: [
    {
      seq: 1,
      at: 0,
      event: { type: "RunStarted", workflow: "w", input: sealed("y".repeat(60_000)) } as never,
    },
  ],
};
const continued: AskedQuestion = { ...named, upTo: 2, continues: "a-1", events: [] };
const job: RunDecision = { type: "ScheduleJob", jobId: "j1", jobType: "work", input: "1" };

describe("Of a run whose payloads are encrypted", () => {
  test("there is kept by which key, and nothing of what it was started with", async () => {
    const { ask, likes } = coded([job]);
    await ask(begun);
    expect(await ask(continued)).toMatchObject({ type: "decided" });
    for (const like of likes) {
      expect(encryptedOf(like ?? "")?.key).toBe("k-1");
      expect(like?.length).toBeLessThan(200);
    }
    expect(likes).toHaveLength(2);
  });

  test.each<RunDecision>([
    { type: "CompleteRun", output: "1" },
    { type: "FailRun", failure: { kind: "business", name: "No", message: "no" } },
    { type: "FinishCancel" },
  ])("nothing is kept once it is over: $type", async (end) => {
    const { ask } = coded([end]);
    expect(await ask(begun)).toMatchObject({ type: "decided" });
    expect(await ask(continued)).toEqual({ type: "needsHistory" });
  });

  test("no other key is taken where it isn't known, and what needs none is said", async () => {
    const { code } = coded([job]);
    const decided: DecisionAnswer = { type: "decided", answerId: "a-2", decisions: [job] };
    expect(await code.sent(continued, decided)).toEqual({ type: "needsHistory" });
    const notMine: DecisionAnswer = { type: "notMine", reason: "It is for build 2." };
    expect(await code.sent(continued, notMine)).toEqual(notMine);
  });
});

test("a run whose past can't be read here is stuck with why, and a fault of its code is one", async () => {
  const opened = (payloads: Payloads, answer: () => Promise<DecisionAnswer>) =>
    new EncryptedCode({ answer }, payloads, {
      insistence: new Insistence(systemClock, () => {}),
      stop: new AbortController().signal,
    });
  const decided = async (): Promise<DecisionAnswer> => ({ type: "decided", answerId: "a", decisions: [] });
  expect(await opened(new Payloads(undefined), decided).answer(begun)).toMatchObject({
    type: "decided",
    decisions: [
      {
        type: "GetStuck",
        failure: { name: "PayloadUnreadable", message: expect.stringContaining("Event 1 (RunStarted)") },
      },
    ],
  });
  const faulty = async (): Promise<DecisionAnswer> => {
    throw new Error("a bug");
  };
  const readable = new Payloads({ encode: () => sealed("x"), decode: () => "null" });
  await expect(opened(readable, faulty).answer(begun)).rejects.toThrow("a bug");
});

test("keys of runs take no more room than they may, and those asked of lately stay", () => {
  const keys = new RunKeys();
  const nameOf = (index: number) => `${index}/${"r".repeat(2_000)}`;
  keys.learn("first", sealed("z"));
  for (let index = 0; index < 4_000; index++) {
    keys.learn(nameOf(index), sealed("z".repeat(10_000)));
    keys.likeOf("first");
  }
  expect(keys.chars).toBeLessThanOrEqual(4_000_000);
  expect(keys.likeOf(nameOf(0))).toBeUndefined();
  for (const runId of ["first", nameOf(3_999)])
    expect(encryptedOf(keys.likeOf(runId) ?? "")?.key).toBe("k-1");
  for (let index = 0; index < 4_000; index++) keys.forget(nameOf(index));
  keys.learn("first", "{}");
  expect(keys.likeOf("first")).toBe("null");
  expect(keys.chars).toBe("first".length + "null".length);
});
