import { partitionOf } from "@downbeat/domain";
import { type Position, position, type ReceivedMessage, TopicProducers } from "@downbeat/message-log";
import { settled } from "@downbeat/message-log/testing";
import { encodeInboxMessage, type InboxCommand, parseQuarantineMessage, topics } from "@downbeat/protocol";
import { describe, expect, onTestFinished, test } from "vitest";
import { Inbox } from "../src/inbox.ts";
import { Quarantine } from "../src/quarantine.ts";
import { TestLog } from "./test-log.ts";

const start = { type: "StartRun", commandId: "c1", runId: "r1", workflow: "w", input: "1" } as const;
const partitions = 8;
const partition = partitionOf("r1", partitions);

function opened() {
  const log = new TestLog();
  const acknowledged: Position[] = [];
  const dropped: string[] = [];
  const seen: string[] = [];
  const quarantine = new Quarantine(
    new TopicProducers(log),
    { quarantined: (topic, reason) => seen.push(`${topic}: ${reason}`) },
    () => 5,
  );
  const inbox = new Inbox({
    partition,
    partitions,
    quarantine,
    acknowledge: (at) => void acknowledged.push(at),
    drop: (reason) => void dropped.push(reason),
  });
  let entry = 0;
  const message = (payload: Uint8Array): ReceivedMessage => ({
    position: position(0, entry++),
    payload,
    properties: {},
    publishTime: 1,
    redeliveryCount: 0,
  });
  const take = (...commands: InboxCommand[]) => inbox.take(message(encodeInboxMessage(commands)));
  const settle = (after: number) => {
    const input = inbox.shift();
    if (input !== undefined) inbox.settle(input, after);
  };
  return { log, acknowledged, dropped, seen, inbox, message, take, settle };
}

describe("An inbox", () => {
  test("takes messages in their order, and Ticks as none", () => {
    const { inbox, take } = opened();
    expect(take(start, { type: "Tick" })).toBe(true);
    expect(take({ type: "Tick" })).toBe(false);
    expect(inbox.first).toEqual({ commands: [start], position: position(0, 0) });
    expect([inbox.shift(), inbox.shift(), inbox.shift()]).toMatchObject([
      { commands: [start] },
      { commands: [], position: position(0, 1) },
      undefined,
    ]);
  });

  test("holds what is not acknowledged, decided or not", () => {
    const { inbox, take, settle, acknowledged } = opened();
    take(start);
    take(start);
    take(start);
    expect(inbox.size).toBe(3);
    settle(1);
    settle(2);
    expect(inbox.size).toBe(3);
    inbox.advance(1);
    expect(inbox.size).toBe(2);
    expect(acknowledged).toEqual([position(0, 0)]);
    inbox.advance(2);
    expect(inbox.size).toBe(1);
  });

  test("says up to which message it is decided", () => {
    const { inbox, take, settle } = opened();
    take(start);
    take(start);
    expect(inbox.decidedUpTo).toBeUndefined();
    settle(1);
    expect(inbox.decidedUpTo).toBe(position(0, 0));
    inbox.settle({ commands: [] }, 1);
    expect(inbox.decidedUpTo).toBe(position(0, 0));
    settle(1);
    expect(inbox.decidedUpTo).toBe(position(0, 1));
  });

  test("acknowledges nothing of a deadline's work", () => {
    const { inbox, acknowledged } = opened();
    inbox.push({ commands: [start] });
    expect(inbox.shift()).toEqual({ commands: [start] });
    inbox.settle({ commands: [start] }, 0);
    expect(acknowledged).toEqual([]);
  });
});

describe("What can't be read in a message", () => {
  const half = (it: ReturnType<typeof opened>) =>
    it.message(Buffer.from(JSON.stringify({ commands: [start, { type: "Explode" }] })));

  test("goes to quarantine, and the rest of it is done; it is acknowledged when both are safe", async () => {
    const it = opened();
    let land = () => {};
    it.log.before.set(
      `send ${topics.quarantine}`,
      () =>
        new Promise<void>((resolve) => {
          land = resolve;
        }),
    );
    expect(it.inbox.take(half(it))).toBe(true);
    expect(it.inbox.first?.commands).toEqual([start]);
    it.settle(0);
    await settled();
    expect(it.acknowledged).toEqual([]);
    land();
    await settled();
    expect(it.acknowledged).toEqual([position(0, 0)]);
    const kept = it.log.messages(topics.quarantine).map(({ payload }) => parseQuarantineMessage(payload));
    expect(kept).toMatchObject([
      { topic: topics.inbox(partition), position: position(0, 0), text: '{"type":"Explode"}', at: 5 },
    ]);
    expect(it.seen).toEqual([`${topics.inbox(partition)}: ${kept[0]?.reason}`]);
  });

  test("is traffic all the same, and has nothing to decide", () => {
    const it = opened();
    expect(it.inbox.take(it.message(Buffer.from("?")))).toBe(true);
    expect(it.inbox.first?.commands).toEqual([]);
  });

  test("ends the tenure where quarantine doesn't take it, so that it comes again", async () => {
    const it = opened();
    it.log.before.set(`send ${topics.quarantine}`, () => {
      throw new Error("full");
    });
    it.inbox.take(half(it));
    await settled();
    it.settle(0);
    await settled();
    expect(it.dropped).toEqual(["a message could not be quarantined: full"]);
    expect(it.acknowledged).toEqual([]);
  });

  test("fails silently where nobody is left to hear of it", async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on("unhandledRejection", note);
    onTestFinished(() => void process.off("unhandledRejection", note));
    const it = opened();
    it.log.before.set(`send ${topics.quarantine}`, () => {
      throw new Error("full");
    });
    it.inbox.take(half(it));
    await settled();
    expect(unhandled).toEqual([]);
  });
});
