import { type OutgoingMessage, type Position, TopicProducers } from "@downbeat/message-log";
import { type AskedQuestion, mostQuestionBytes, parseQuestionMessage, questionKey } from "@downbeat/protocol";
import { describe, expect, test, vi } from "vitest";
import { QuestionPublisher } from "../src/question-publisher.ts";
import { EngineClock } from "./engine-clock.ts";

interface Sent {
  readonly topic: string;
  readonly key: string | undefined;
  readonly deliverAt: number | undefined;
  readonly questions: readonly AskedQuestion[];
}

/** A log whose receipts come when they are given, and turns of the event loop that end when they are ended. */
function opened() {
  const sent: Sent[] = [];
  const receipts: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const producers = new TopicProducers({
    openProducer: async (topic) => ({
      send: ({ payload, key, deliverAt }: OutgoingMessage) => {
        const { questions, malformed } = parseQuestionMessage(payload);
        expect(malformed).toEqual([]);
        sent.push({ topic, key, deliverAt, questions });
        return new Promise<Position>((resolve, reject) => {
          receipts.push({ resolve: () => resolve("1:0" as Position), reject });
        });
      },
      close: async () => {},
    }),
  });
  const turns: (() => void)[] = [];
  const clock = Object.assign(new EngineClock(), { defer: (run: () => void) => void turns.push(run) });
  const publisher = new QuestionPublisher(producers, clock);
  const turn = () => {
    for (const run of turns.splice(0)) run();
  };
  return { publisher, sent, receipts, turn, turns };
}

/** Of the run, with an input of so many letters. */
function asked(runId: string, letters = 1): AskedQuestion {
  const event = {
    type: "RunStarted",
    workflow: "order",
    input: JSON.stringify("x".repeat(letters)),
  } as const;
  return { runId, workflow: "order", upTo: 1, attempt: 1, events: [{ seq: 1, at: 5, event }] };
}

/** Runs whose questions have the same key. */
const [first = "", second = "", third = ""] = Array.from({ length: 200 }, (_, index) => `r${index}`).filter(
  (runId) => questionKey(runId) === questionKey("r0"),
);
const elsewhere = `${Array.from({ length: 200 }, (_, index) => `r${index}`).find((runId) => questionKey(runId) !== questionKey("r0"))}`;
const topic = "decisions-order";
const runsOf = (sent: readonly Sent[]) => sent.map(({ questions }) => questions.map(({ runId }) => runId));

describe("Questions that come in one turn of the event loop", () => {
  test("travel together where they go the same way, in their order", async () => {
    const { publisher, sent, turn } = opened();
    for (const runId of [first, second, elsewhere, third]) void publisher.publish(asked(runId), { topic });
    void publisher.publish(asked(first), { topic: "decisions-refund" });
    expect(sent).toEqual([]);
    turn();
    await vi.waitFor(() => expect(sent).toHaveLength(3));
    expect(runsOf(sent)).toEqual([[first, second, third], [elsewhere], [first]]);
    expect(sent.map((one) => [one.topic, one.key])).toEqual([
      [topic, questionKey(first)],
      [topic, questionKey(elsewhere)],
      ["decisions-refund", questionKey(first)],
    ]);
  });

  test("don't wait for those of the next, and are looked for once in a turn", async () => {
    const { publisher, sent, turn, turns } = opened();
    void publisher.publish(asked(first), { topic });
    void publisher.publish(asked(second), { topic });
    expect(turns).toHaveLength(1);
    turn();
    void publisher.publish(asked(third), { topic });
    turn();
    turn();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(runsOf(sent)).toEqual([[first, second], [third]]);
  });

  test("are as many to a message as it holds, and none is lost or put twice", async () => {
    const { publisher, sent, turn } = opened();
    const letters = Math.floor(mostQuestionBytes / 2) - 500;
    for (const runId of [first, second, third]) void publisher.publish(asked(runId, letters), { topic });
    turn();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(runsOf(sent)).toEqual([[first, second], [third]]);
  });

  test("of which each fills a message go one by one", async () => {
    const { publisher, sent, turn } = opened();
    const whole = mostQuestionBytes - Buffer.byteLength(JSON.stringify(asked(first, 0)));
    const full = asked(first, whole);
    expect(Buffer.byteLength(JSON.stringify(full))).toBe(mostQuestionBytes);
    void publisher.publish(full, { topic });
    void publisher.publish(asked(second), { topic });
    turn();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(runsOf(sent)).toEqual([[first], [second]]);
  });
});

describe("A question", () => {
  test("is published when the log has taken its message, not before", async () => {
    const { publisher, sent, receipts, turn } = opened();
    const done: string[] = [];
    const published = [first, second].map((runId) =>
      publisher.publish(asked(runId), { topic }).then(() => done.push(runId)),
    );
    turn();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(done).toEqual([]);
    receipts[0]?.resolve();
    await Promise.all(published);
    expect(done).toEqual([first, second]);
  });

  test("fails with its message, and with it all that travel along; the next one is sent again", async () => {
    const { publisher, sent, receipts, turn } = opened();
    const both = Promise.allSettled(
      [first, second].map((runId) => publisher.publish(asked(runId), { topic })),
    );
    turn();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    const reason = new Error("The topic is full.");
    receipts[0]?.reject(reason);
    expect(await both).toEqual([
      { status: "rejected", reason },
      { status: "rejected", reason },
    ]);
    const next = publisher.publish(asked(first), { topic });
    turn();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    receipts[1]?.resolve();
    await next;
  });

  test("of another turn goes to another worker", async () => {
    const { publisher, sent, turn } = opened();
    void publisher.publish(asked(first), { topic });
    void publisher.publish(asked(first), { topic, turn: 1 });
    turn();
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent.map(({ key }) => key)).toEqual([questionKey(first), questionKey(first, 1)]);
    expect(questionKey(first, 1)).not.toBe(questionKey(first));
  });

  test("that is held back travels alone, and comes when it is due", async () => {
    const { publisher, sent, receipts, turns } = opened();
    const published = publisher.publish(asked(first), { topic, deliverAt: 9_000 });
    void publisher.publish(asked(second), { topic, deliverAt: 9_000 });
    expect(turns).toEqual([]);
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent.map(({ deliverAt }) => deliverAt)).toEqual([9_000, 9_000]);
    expect(sent[0]?.key).toBe(questionKey(first));
    for (const { resolve } of receipts) resolve();
    await published;
  });

  test("that is too long for a message goes in parts by the same way, and is published with the last of them", async () => {
    const { publisher, sent, receipts } = opened();
    const long: AskedQuestion = {
      ...asked(first),
      upTo: 3,
      events: [1, 2, 3].map((seq) => ({
        ...asked(first, 200_000).events[0],
        seq,
      })) as AskedQuestion["events"],
    };
    let isPublished = false;
    const published = publisher.publish(long, { topic }).then(() => {
      isPublished = true;
    });
    await vi.waitFor(() => expect(sent.length).toBeGreaterThan(1));
    await vi.waitFor(() => expect(receipts).toHaveLength(sent.length));
    const parts = sent.flatMap(({ questions }) => questions);
    expect(parts.map(({ part }) => part)).toEqual(
      parts.map((_, index) => ({ number: index + 1, of: parts.length })),
    );
    expect(parts.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([1, 2, 3]);
    expect(new Set(sent.map(({ key }) => key))).toEqual(new Set([questionKey(first)]));
    expect(sent.every((one) => one.topic === topic && one.deliverAt === undefined)).toBe(true);
    for (const { resolve } of receipts.slice(1)) resolve();
    await new Promise(setImmediate);
    expect(isPublished).toBe(false);
    receipts[0]?.resolve();
    await published;
  });
});
