import { partitionOf } from "@downbeat/domain";
import { type ReceivedMessage, TopicProducers } from "@downbeat/message-log";
import { settled } from "@downbeat/message-log/testing";
import {
  encodeTimerMessage,
  parseInboxMessage,
  parseQuarantineMessage,
  parseTimerMessage,
  topics,
} from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { Quarantine } from "../src/quarantine.ts";
import { TimerRole } from "../src/timer.ts";
import { EngineClock } from "./engine-clock.ts";
import { TestLog } from "./test-log.ts";

const hour = 3_600_000;
const epoch = Date.UTC(2026, 9, 23);
const partitions = 4;
const inbox = topics.inbox(partitionOf("r1", partitions));

async function opened() {
  const log = new TestLog();
  const clock = new EngineClock();
  log.now = () => epoch + clock.monotonic();
  const producers = new TopicProducers(log);
  const timer = new TimerRole({
    log,
    clock,
    partitions,
    producers,
    quarantine: new Quarantine(producers, {}, () => 77),
    name: "engine-1",
    backOffMs: 1_000,
  });
  timer.start();
  await settled();
  const wake = async (dueAt: number, publishTime?: number) => {
    const payload = encodeTimerMessage({ runId: "r1", timerId: "t1", generation: 2, dueAt });
    const { position } = log.put(topics.timers, { payload, key: "r1" }, publishTime);
    await settled();
    return position;
  };
  const session = () => log.open("consumer", topics.timers)[0];
  const fired = () => log.messages(inbox).flatMap(({ payload }) => parseInboxMessage(payload).commands);
  return { log, clock, timer, wake, session, fired, pass: (ms: number) => clock.manual.advance(ms) };
}

describe("A wake-up", () => {
  test("that is due becomes a command to its run, and is done with", async () => {
    const { log, wake, session, fired } = await opened();
    const position = await wake(epoch);
    expect(fired()).toEqual([
      { type: "FireTimer", commandId: "timer/r1/t1/2", runId: "r1", timerId: "t1", generation: 2 },
    ]);
    expect(log.messages(inbox)[0]?.key).toBe("r1");
    expect(session()?.acknowledged).toEqual([position]);
    expect(session()?.options).toMatchObject({
      subscription: "timers",
      type: "Shared",
      consumerName: "engine-1",
    });
  });

  test("that comes a little early is held until it is due", async () => {
    const { wake, session, fired, pass } = await opened();
    const position = await wake(epoch + 30_000);
    await pass(29_999);
    expect(fired()).toEqual([]);
    expect(session()?.acknowledged).toEqual([]);
    await pass(1);
    expect(fired()).toHaveLength(1);
    expect(session()?.acknowledged).toEqual([position]);
  });

  test("that comes early by more is sent again for when it is due", async () => {
    const { log, wake, session, fired } = await opened();
    const position = await wake(epoch + 30_001);
    expect(session()?.acknowledged).toContain(position);
    const again = log.messages(topics.timers).slice(1, 2) as (ReceivedMessage & { deliverAt?: number })[];
    expect(again.map(({ payload }) => parseTimerMessage(payload))).toEqual([
      { runId: "r1", timerId: "t1", generation: 2, dueAt: epoch + 30_001 },
    ]);
    expect(again[0]).toMatchObject({ deliverAt: epoch + 30_001, key: "r1" });
    expect(fired()).toEqual([]);
  });

  test("that is far ahead is sent again for an hour from now", async () => {
    const { log, wake } = await opened();
    await wake(epoch + 9 * hour);
    expect(log.messages(topics.timers)[1]).toMatchObject({ deliverAt: epoch + hour });
  });

  test("is late by its own message's time where no other tells it", async () => {
    const { wake, fired, timer } = await opened();
    await wake(epoch + 1_000, epoch - hour);
    expect(fired()).toEqual([]);
    timer.observe(epoch + 2_000);
    await wake(epoch + 1_000, epoch - hour);
    expect(fired()).toHaveLength(1);
  });

  test("that can't be read goes to quarantine, and is done with", async () => {
    const { log, session } = await opened();
    const { position } = log.put(topics.timers, { payload: Buffer.from("{}") });
    await settled();
    const kept = log.messages(topics.quarantine).map(({ payload }) => parseQuarantineMessage(payload));
    expect(kept).toEqual([
      {
        topic: topics.timers,
        position,
        text: "{}",
        at: 77,
        reason: expect.stringMatching(/^not a timer: runId: /),
      },
    ]);
    expect(session()?.acknowledged).toEqual([position]);
  });

  test("that came to nothing is given back", async () => {
    const { log, wake, session } = await opened();
    log.before.set(`send ${inbox}`, () => {
      throw new Error("full");
    });
    const position = await wake(epoch);
    expect(session()).toMatchObject({ acknowledged: [], refused: [position] });
  });
});

describe("The timer role", () => {
  test("opens its session again after a pause when that has ended, or could not be opened", async () => {
    const { log, session, pass } = await opened();
    session()?.end(new Error("lost"));
    log.before.set(`openConsumer ${topics.timers}`, () => {
      throw new Error("no");
    });
    await pass(999);
    expect(session()).toBeUndefined();
    await pass(1);
    log.before.clear();
    await pass(1_999);
    expect(session()).toBeUndefined();
    await pass(1);
    expect(session()).toBeDefined();
  });

  test("does nothing more once it is stopped", async () => {
    const { log, timer, wake, session, fired, pass, clock } = await opened();
    await wake(epoch + 20_000);
    const [first] = log.sessions;
    await timer.stop();
    expect(clock.manual.waits).toEqual([]);
    // What the log had on its way.
    const payload = encodeTimerMessage({ runId: "r1", timerId: "t1", generation: 2, dueAt: epoch + 9 });
    const late = log.put("elsewhere", { payload }, epoch);
    first?.options.onMessage?.(late);
    first?.options.onClose?.();
    await pass(60_000);
    expect([fired(), session()]).toEqual([[], undefined]);
    timer.start();
    await settled();
    expect(session()).toBeUndefined();
    expect(log.sessions).toHaveLength(1);
    expect(clock.manual.waits).toEqual([]);
  });

  test("waits half as long as it may, up to one and a half times", async () => {
    for (const [chance, wait] of [
      [0, 500],
      [1, 1_500],
    ] as const) {
      const { clock, session } = await opened();
      clock.random = () => chance;
      session()?.end(new Error("lost"));
      expect(clock.manual.waits).toEqual([wait]);
    }
  });

  test("closes a session that opens only after it was stopped", async () => {
    const { log, session, timer, pass } = await opened();
    let open = () => {};
    log.before.set(
      `openConsumer ${topics.timers}`,
      () =>
        new Promise<void>((resolve) => {
          open = resolve;
        }),
    );
    session()?.end();
    await pass(1_000);
    await timer.stop();
    open();
    await settled();
    expect(session()).toBeUndefined();
    await pass(60_000);
    expect(log.sessions).toHaveLength(2);
  });
});
