import { type ReceivedMessage, reconnectingProducer, reconnectingReader } from "@downbeat/message-log";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { HandedOver } from "../../lib/history-check.ts";
import { sleep, until } from "../../lib/processes.ts";
import { TcpProxy } from "../../lib/tcp-proxy.ts";
import { book, expectOnce, InProcess, ids, owning } from "./in-process.ts";

const within = { timeout: 120_000 };
const text = (value: string) => ({ payload: Buffer.from(value) });
const textOf = ({ payload }: ReceivedMessage) => Buffer.from(payload).toString();
const quickly = { minDelayMs: 50, maxDelayMs: 500 };

let own: InProcess;
let proxy: TcpProxy;
beforeEach(async () => {
  own = await InProcess.open("connections");
  proxy = await TcpProxy.open(inject("pulsar"));
});
afterEach(async () => {
  await proxy.close();
  await own.close();
});

const through = () => own.logAt(`ws://127.0.0.1:${proxy.port}`);

async function all(topic: string, count: number): Promise<string[]> {
  const seen: string[] = [];
  const reader = await own.log.openReader(topic, {
    from: "earliest",
    onMessage: (message) => void seen.push(textOf(message)),
  });
  await until(() => seen.length >= count, 30_000);
  await reader.close();
  return seen;
}

describe("a connection cut before the publish receipt", () => {
  test("leaves each message in the log once and in order, sent again under its number", within, async () => {
    const producer = reconnectingProducer(through(), "once", { ...quickly, deduplicate: true });
    const sends: Promise<unknown>[] = [];
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 50; i++) sends.push(producer.send(text(String(sends.length))));
      await until(() => producer.pending < 10, 10_000, 5);
      proxy.swallow("toClient");
      for (let i = 0; i < 20; i++) sends.push(producer.send(text(String(sends.length))));
      await sleep(150);
      proxy.cut();
    }
    const receipts = await Promise.all(sends);
    expect(await all("once", sends.length)).toEqual(sends.map((_, index) => String(index)));
    // Or no receipt was lost at all.
    expect(receipts.filter((receipt) => receipt === undefined).length).toBeGreaterThan(0);
    await producer.close();
  });

  test("of an engine at work loses nothing and does nothing twice", within, async () => {
    const reasons: string[] = [];
    const engine = own.startEngine("cut", {
      log: through(),
      observer: { dropped: (_, reason) => void reasons.push(reason) },
    });
    own.startWorker(through());
    const booking = own.newClient();
    await owning(engine);
    const handedOver = new HandedOver(own.log, ["benchPayment", "benchFlight", "benchHotel", "benchNotify"]);
    const runIds = ids("cut", 400);
    const booked = book(booking, runIds);
    for (let cut = 0; cut < 6; cut++) {
      await sleep(400);
      proxy.swallow(cut % 2 === 0 ? "toClient" : "toServer");
      await sleep(200);
      proxy.cut();
    }
    await booked;
    expect(reasons.length).toBeGreaterThan(0);
    const fold = await expectOnce(own.log, runIds, { isCutOff: true });
    expect(handedOver.check(fold)).toEqual([]);
    await handedOver.close();
  });
});

describe("a silent connection", () => {
  test("is closed by the broker after a while; what comes next arrives on another one", within, async () => {
    const silent = own.logAt(inject("pulsar"), { pingIntervalMs: 3_600_000 });
    const states: string[] = [];
    const seen: string[] = [];
    const reader = reconnectingReader(silent, "quiet", {
      ...quickly,
      from: "earliest",
      onMessage: (message) => void seen.push(textOf(message)),
      onStateChange: (state) => states.push(state),
    });
    expect(await until(() => states.length >= 3, 40_000), states.join()).toBe(true);
    const producer = await own.log.openProducer("quiet");
    await producer.send(text("hello"));
    expect(await until(() => seen.length === 1, 20_000)).toBe(true);
    expect(states.slice(0, 3)).toEqual(["connecting", "connected", "connecting"]);
    await reader.close();
  });

  test("may lose acknowledgements: those messages come again, and the others don't", within, async () => {
    const producer = await own.log.openProducer("acknowledged");
    await Promise.all(ids("m", 20).map((one) => producer.send(text(one))));
    const options = { subscription: "s", type: "Shared" } as const;
    const first: ReceivedMessage[] = [];
    const consumer = await through().openConsumer("acknowledged", {
      ...options,
      onMessage: (message) => void first.push(message),
    });
    expect(await until(() => first.length === 20, 20_000)).toBe(true);
    const backlog = async () => (await own.log.topicStats("acknowledged")).subscriptions[0]?.backlog;
    for (const { position } of first.slice(0, 5)) consumer.acknowledge(position);
    expect(await until(async () => (await backlog()) === 15, 20_000)).toBe(true);
    proxy.swallow("toServer");
    for (const { position } of first.slice(5)) consumer.acknowledge(position);
    await sleep(100);
    proxy.cut();
    const again: string[] = [];
    const next = await own.log.openConsumer("acknowledged", {
      ...options,
      onMessage: (message) => {
        again.push(textOf(message));
        next.acknowledge(message.position);
      },
    });
    expect(await until(async () => (await backlog()) === 0, 20_000)).toBe(true);
    expect(again.toSorted()).toEqual(first.slice(5).map(textOf).toSorted());
  });
});

test("a live reader that loses its connection goes on after the last message it had", within, async () => {
  const seen: string[] = [];
  const reader = reconnectingReader(through(), "live", {
    ...quickly,
    from: "earliest",
    queueSize: 50,
    onMessage: async (message) => {
      seen.push(textOf(message));
      await sleep(1);
    },
  });
  const producer = await own.log.openProducer("live");
  const expected = ids("m", 3_000);
  const sent = Promise.all(expected.map((one) => producer.send(text(one))));
  for (let cut = 1; cut <= 5; cut++) {
    await until(() => seen.length >= cut * 300, 20_000, 2);
    proxy.cut();
  }
  await sent;
  expect(await until(() => seen.length >= expected.length, 60_000)).toBe(true);
  expect(seen).toEqual(expected);
  expect(proxy.cuts).toBe(5);
  await reader.close();
});

test("what a consumer had taken ahead when it died goes to another, all of it and once", within, async () => {
  const producer = await own.log.openProducer("ahead");
  const expected = ids("m", 1_000);
  await Promise.all(expected.map((one) => producer.send(text(one))));
  const options = { subscription: "s", type: "Shared" } as const;
  let taken = 0;
  const dying = await through().openConsumer("ahead", {
    ...options,
    onMessage: ({ position }) => {
      taken += 1;
      if (taken <= 100) dying.acknowledge(position);
    },
  });
  const backlog = async () => (await own.log.topicStats("ahead")).subscriptions[0]?.backlog;
  expect(await until(async () => taken === 1_000 && (await backlog()) === 900, 30_000)).toBe(true);
  proxy.cut();
  const seen: string[] = [];
  const next = await own.log.openConsumer("ahead", {
    ...options,
    onMessage: (message) => {
      seen.push(textOf(message));
      next.acknowledge(message.position);
    },
  });
  expect(await until(async () => (await backlog()) === 0, 30_000)).toBe(true);
  expect(seen.toSorted()).toEqual(expected.slice(100).toSorted());
});
