import {
  LogError,
  type MessageLog,
  type OutgoingMessage,
  position,
  type ReceivedMessage,
} from "@downbeat/message-log";
import { until } from "@downbeat/message-log/testing";
import { encodeMessageId } from "@downbeat/wire";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPulsarWebSocketLog } from "../src/index.ts";
import { FakeBroker } from "./fake-broker.ts";

let broker: FakeBroker;
let log: MessageLog;
beforeEach(async () => {
  broker = await FakeBroker.start();
  log = openPulsarWebSocketLog({ serviceUrl: broker.url, token: "secret", pingIntervalMs: 60_000 });
});
afterEach(async () => {
  await log.close();
  await broker.stop();
});

function text(value: string): OutgoingMessage {
  return { payload: Buffer.from(value) };
}

function delivery(entry: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    messageId: encodeMessageId(1, entry, -1),
    payload: Buffer.from(String(entry)).toString("base64"),
    properties: {},
    publishTime: "2026-01-02T03:04:05.678Z",
    redeliveryCount: 0,
    ...more,
  };
}

function ok(frame: Record<string, unknown>, entry: number): Record<string, unknown> {
  return { result: "ok", messageId: encodeMessageId(1, entry, -1), context: frame.context };
}

describe("a producer", () => {
  test("sends frames as Pulsar wants them", async () => {
    const producer = await log.openProducer("jobs", { producerName: "p", initialSequenceId: 7 });
    const connection = broker.connection(0);
    expect(connection.path).toBe("/ws/v2/producer/persistent/public/default/jobs");
    expect(Object.fromEntries(connection.query)).toEqual({ producerName: "p", initialSequenceId: "7" });
    expect(connection.headers.authorization).toBe("Bearer secret");
    producer
      .send({
        ...text("x"),
        key: 'k"',
        properties: { a: "b" },
        eventTime: 1_700_000_000_000,
        deliverAt: 1_800_000_000_000.5,
      })
      .catch(() => {});
    await until("the frame came", () => connection.frames.length === 1);
    expect(connection.frames[0]).toEqual({
      payload: Buffer.from("x").toString("base64"),
      context: "1",
      key: 'k"',
      properties: { a: "b" },
      eventTime: "2023-11-14T22:13:20.000Z",
      deliverAt: 1_800_000_000_001,
    });
  });

  test("matches receipts by context, whatever their order", async () => {
    const producer = await log.openProducer("t");
    const sends = ["a", "b", "c"].map((one) => producer.send(text(one)));
    const outcomes = Promise.allSettled(sends);
    const connection = broker.connection(0);
    await until("all frames came", () => connection.frames.length === 3);
    const [a, b, c] = connection.frames;
    connection.send(ok(c ?? {}, 12));
    connection.send({ result: "send-error:8", errorMsg: "queue is full", context: a?.context });
    connection.send(ok(b ?? {}, 11));
    expect(await outcomes).toEqual([
      {
        status: "rejected",
        reason: expect.objectContaining({ code: "unavailable", message: "queue is full" }),
      },
      { status: "fulfilled", value: position(1, 11) },
      { status: "fulfilled", value: position(1, 12) },
    ]);
  });

  test("says what an error means", async () => {
    const errors: [string, string, string][] = [
      ["send-error:7", "Invalid payload encoding", "invalid"],
      ["send-error:3", "Failed to de-serialize from JSON", "invalid"],
      ["send-error:8", "Message size is bigger than allowed: exceeds maxMessageSize", "tooLarge"],
      ["send-error:8", "Topic is fenced", "unavailable"],
    ];
    broker.onFrame = (connection, frame) => {
      const [result, errorMsg] = errors[Number(frame.context) - 1] ?? [];
      connection.send({ result, errorMsg, context: frame.context });
    };
    const producer = await log.openProducer("t");
    for (const [, , code] of errors) await expect(producer.send(text("x"))).rejects.toMatchObject({ code });
  });

  test("keeps at most so many under way, and sends the others in order as receipts come", async () => {
    await log.close();
    log = openPulsarWebSocketLog({ serviceUrl: broker.url, maxInFlight: 2 });
    const producer = await log.openProducer("t");
    const sends = Array.from({ length: 5 }, (_, i) => producer.send(text(String(i))));
    const connection = broker.connection(0);
    await until("two frames came", () => connection.frames.length === 2);
    for (let i = 0; i < 5; i++) {
      await until(`frame ${i} came`, () => connection.frames.length > i);
      expect(connection.frames.length).toBeLessThanOrEqual(i + 2);
      connection.send(ok(connection.frames[i] ?? {}, i));
    }
    expect(await Promise.all(sends)).toEqual([0, 1, 2, 3, 4].map((entry) => position(1, entry)));
    const payloads = connection.frames.map((frame) =>
      Buffer.from(String(frame.payload), "base64").toString(),
    );
    expect(payloads).toEqual(["0", "1", "2", "3", "4"]);
  });

  test("refuses a frame over the limit before sending it, counted in bytes", async () => {
    await log.close();
    log = openPulsarWebSocketLog({ serviceUrl: broker.url, maxFrameBytes: 1_000 });
    broker.onFrame = (connection, frame) => connection.send(ok(frame, 1));
    const producer = await log.openProducer("t");
    await expect(producer.send({ payload: new Uint8Array(0), key: "ü".repeat(600) })).rejects.toMatchObject({
      code: "tooLarge",
    });
    await producer.send({ payload: new Uint8Array(0), key: "u".repeat(600) });
    expect(broker.connection(0).frames.length).toBe(1);
  });

  test("whose connection breaks rejects what has no receipt, and closes once with the reason", async () => {
    const closings: (Error | undefined)[] = [];
    const producer = await log.openProducer("t", { onClose: (reason) => closings.push(reason) });
    const send = producer.send(text("x"));
    const rejected = expect(send).rejects.toMatchObject({ code: "unavailable" });
    const connection = broker.connection(0);
    await until("the frame came", () => connection.frames.length === 1);
    connection.socket.terminate();
    await rejected;
    await expect(producer.send(text("y"))).rejects.toMatchObject({ code: "unavailable" });
    await producer.close();
    expect(closings).toEqual([expect.objectContaining({ code: "unavailable" })]);
  });

  test("ends on a receipt it cannot understand", async () => {
    for (const nonsense of ["no JSON", "{}", { result: "ok", context: "99", messageId: "CAQQAQ==" }]) {
      let reason: Error | undefined;
      const producer = await log.openProducer("t", {
        onClose: (why) => {
          reason = why;
        },
      });
      const rejected = expect(producer.send(text("x"))).rejects.toMatchObject({ code: "unavailable" });
      broker.connections.at(-1)?.send(nonsense);
      await rejected;
      expect(reason?.message).toMatch(/receipt that belongs to no message/);
    }
  });
});

describe("a consumer", () => {
  async function consume(queueSize: number, prefetch = queueSize) {
    const messages: ReceivedMessage[] = [];
    const closings: (Error | undefined)[] = [];
    const consumer = await log.openConsumer("t", {
      subscription: "sub",
      type: "Shared",
      consumerName: "me",
      queueSize,
      ackTimeoutMs: 5_000,
      negativeAckDelayMs: 100,
      prefetch,
      onMessage: (message) => messages.push(message),
      onClose: (reason) => closings.push(reason),
    });
    return {
      consumer,
      messages,
      closings,
      connection: broker.connections.at(-1) ?? expect.fail("it connected"),
    };
  }

  test("asks for what it wants, and gives a permit for each place in its queue", async () => {
    const { connection } = await consume(10);
    expect(connection.path).toBe("/ws/v2/consumer/persistent/public/default/t/sub");
    expect(Object.fromEntries(connection.query)).toEqual({
      subscriptionType: "Shared",
      subscriptionInitialPosition: "Earliest",
      receiverQueueSize: "10",
      pullMode: "true",
      consumerName: "me",
      ackTimeoutMillis: "5000",
      negativeAckRedeliveryDelay: "100",
    });
    await until("the first permits came", () => connection.frames.length === 1);
    expect(connection.frames).toEqual([{ type: "permit", permitMessages: 10 }]);
  });

  test("acknowledges with the id exactly as it came", async () => {
    const { consumer, messages, connection } = await consume(10);
    const long = Buffer.from([0x08, 1, 0x10, 5, 0x18, 3, 0x20, 2, 0x30, 9]).toString("base64");
    connection.send(delivery(5, { messageId: long, key: "k", eventTime: "2026-01-02T03:04:05+01:00" }));
    connection.send(delivery(6));
    await until("they came", () => messages.length === 2);
    expect(messages[0]).toMatchObject({
      position: position(1, 5, 2),
      key: "k",
      publishTime: Date.parse("2026-01-02T03:04:05.678Z"),
      eventTime: Date.parse("2026-01-02T02:04:05Z"),
    });
    for (const message of messages) consumer.acknowledge(message.position);
    consumer.acknowledge(messages[0]?.position ?? expect.fail("it came"));
    consumer.negativeAcknowledge(messages[1]?.position ?? expect.fail("it came"));
    await until("the answers came", () => connection.frames.length >= 3);
    expect(connection.frames.filter((frame) => frame.type !== "permit")).toEqual([
      { messageId: long },
      { messageId: delivery(6).messageId },
    ]);
  });

  test("never lets more come than its queue holds, and never starves", async () => {
    const { consumer, messages, connection } = await consume(3);
    let permits = 0;
    let sent = 0;
    broker.onFrame = (_, frame) => {
      if (frame.type === "permit") permits += Number(frame.permitMessages);
      while (permits > 0 && sent < 50) {
        permits -= 1;
        connection.send(delivery(sent++));
      }
    };
    let acknowledged = 0;
    while (acknowledged < 50) {
      await until("another came", () => messages.length > acknowledged);
      expect(messages.length - acknowledged).toBeLessThanOrEqual(3);
      consumer.acknowledge(messages[acknowledged++]?.position ?? expect.fail("it came"));
    }
  });

  test("asks for few at a time where it wants few under way, while its queue has room", async () => {
    const { messages, connection } = await consume(10, 2);
    await until("the first permits came", () => connection.frames.length === 1);
    connection.send(delivery(1));
    await until("another came", () => connection.frames.length === 2);
    expect(messages).toHaveLength(1);
    expect(connection.frames).toEqual([
      { type: "permit", permitMessages: 2 },
      { type: "permit", permitMessages: 1 },
    ]);
  });

  test("a message that comes twice takes one place", async () => {
    const { messages, connection, consumer } = await consume(2);
    await until("the first permits came", () => connection.frames.length === 1);
    connection.send(delivery(1));
    connection.send(delivery(1, { redeliveryCount: 1 }));
    await until("it came twice", () => messages.length === 2);
    // One of the two permits is free again: one more can come.
    await until("a permit came", () => connection.frames.length === 2);
    expect(connection.frames[1]).toEqual({ type: "permit", permitMessages: 1 });
    consumer.acknowledge(messages[0]?.position ?? expect.fail("it came"));
  });

  test("ends on a frame it cannot understand, and says which", async () => {
    const wrong = [
      "no JSON",
      {},
      delivery(1, { messageId: "x" }),
      delivery(1, { publishTime: "noon" }),
      delivery(1, { properties: [1] }),
    ];
    for (const frame of wrong) {
      const { connection, closings, messages } = await consume(2);
      connection.send(frame);
      await until("it ended", () => closings.length === 1);
      expect(closings[0]).toMatchObject({
        code: "unavailable",
        message: expect.stringMatching(/could not take/),
      });
      expect(messages).toEqual([]);
    }
  });
});

describe("a reader", () => {
  test("answers each message when its handler is done", async () => {
    const done: (() => void)[] = [];
    await log.openReader("t", {
      from: { after: position(4, 1) },
      queueSize: 2,
      onMessage: () => new Promise((resolve) => done.push(resolve)),
    });
    const connection = broker.connection(0);
    expect(Object.fromEntries(connection.query)).toEqual({ messageId: "CAQQAQ==", receiverQueueSize: "2" });
    connection.send(delivery(2));
    connection.send(delivery(3));
    await until("both came", () => done.length === 2);
    expect(connection.frames).toEqual([]);
    done[1]?.();
    await until("one answer came", () => connection.frames.length === 1);
    expect(connection.frames).toEqual([{ messageId: delivery(3).messageId }]);
  });
});

describe("a connection", () => {
  test("that answers no ping is given up", async () => {
    await log.close();
    log = openPulsarWebSocketLog({ serviceUrl: broker.url, pingIntervalMs: 30 });
    const closings: (Error | undefined)[] = [];
    await log.openReader("t", {
      from: "latest",
      onMessage: () => {},
      onClose: (reason) => closings.push(reason),
    });
    const { socket } = broker.connection(0);
    let pings = 0;
    socket.on("ping", () => {
      pings += 1;
      // Alive so far; from now on it is there and silent, as behind a cable that was pulled.
      if (pings === 3) socket.pause();
    });
    await until("it was given up", () => closings.length === 1);
    expect(pings).toBeGreaterThanOrEqual(3);
    expect(closings[0]).toMatchObject({ code: "unavailable", message: expect.stringMatching(/ping/) });
  });

  test("that is refused says why", async () => {
    const refusals: [number, string][] = [
      [400, "invalid"],
      [404, "missing"],
      [409, "conflict"],
      [500, "unavailable"],
      [503, "unavailable"],
    ];
    for (const [status, code] of refusals) {
      broker.refuseWith = { status, body: "<html><style>b{}</style><h1>Reason given</h1></html>" };
      // Each its own topic: one that was refused is not asked for again at once.
      const error = await log.openProducer(`t${status}`).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(LogError);
      expect(error).toMatchObject({
        code,
        message: `Producer of t${status}: the log answered ${status} (Reason given).`,
      });
    }
  });

  test("that is refused is not kept: nobody would hear it break later", async () => {
    broker.refuseWith = { status: 409, body: "taken" };
    await expect(log.openProducer("t")).rejects.toMatchObject({ code: "conflict" });
    await until("the socket was closed", () => broker.refused.size === 0);
  });

  test("to nowhere is unavailable", async () => {
    const nowhere = openPulsarWebSocketLog({ serviceUrl: "ws://127.0.0.1:1" });
    await expect(nowhere.openProducer("t")).rejects.toMatchObject({ name: "LogError", code: "unavailable" });
    await expect(nowhere.lastPosition("t")).rejects.toMatchObject({ name: "LogError", code: "unavailable" });
    await nowhere.close();
    // Two addresses, and for both of them together Node has an error without words.
    const twice = openPulsarWebSocketLog({ serviceUrl: "ws://localhost:1" });
    await expect(twice.lastPosition("t")).rejects.toThrow(/ECONNREFUSED/);
    await twice.close();
    const plain = openPulsarWebSocketLog({ serviceUrl: broker.url.replace("ws:", "wss:") });
    await expect(plain.openProducer("t")).rejects.toThrow(/is it ws:\/\/ rather than wss:\/\//);
    await expect(plain.lastPosition("t")).rejects.toThrow(/is it ws:\/\/ rather than wss:\/\//);
    await plain.close();
  });

  test("opened through a closed log is refused, and its sessions end with it", async () => {
    const closings: (Error | undefined)[] = [];
    await log.openReader("t", {
      from: "latest",
      onMessage: () => {},
      onClose: (reason) => closings.push(reason),
    });
    await log.close();
    expect(closings).toEqual([undefined]);
    await expect(log.openProducer("t")).rejects.toMatchObject({ code: "closed" });
    await expect(log.lastPosition("t")).rejects.toMatchObject({ code: "closed" });
  });
});

describe("the admin side", () => {
  test("understands a broker's answers", async () => {
    const answers: Record<string, { status: number; body: unknown }> = {
      "GET /admin/v2/persistent/public/default/t/partitions": {
        status: 200,
        body: { partitions: 4, properties: {} },
      },
      "GET /admin/v2/persistent/public/default/t/lastMessageId": {
        status: 200,
        body: { ledgerId: 9, entryId: 3, partitionIndex: 0, batchIndex: 2 },
      },
      "GET /admin/v2/persistent/public/default/none/lastMessageId": {
        status: 200,
        body: { ledgerId: 9, entryId: -1, partitionIndex: -1 },
      },
      "GET /admin/v2/persistent/public/default/t/messageid/1700000000000": {
        status: 200,
        body: { ledgerId: 9, entryId: 2, partitionIndex: -1, batchIndex: -1, batchSize: 0 },
      },
      "GET /admin/v2/persistent/public/default/t/messageid/1800000000000": {
        status: 200,
        body: { ledgerId: 9, entryId: 4, partitionIndex: -1, batchIndex: -1, batchSize: 0 },
      },
      "GET /admin/v2/persistent/public/default/none/messageid/5": {
        status: 200,
        body: { ledgerId: 9, entryId: 0, partitionIndex: -1, batchIndex: -1, batchSize: 0 },
      },
      "GET /admin/v2/persistent/public/default/t/stats": {
        status: 200,
        body: {
          msgRateIn: 1.5,
          subscriptions: {
            a: { type: "None", msgBacklog: 3, consumers: [] },
            b: {
              type: "Failover",
              msgBacklog: 0,
              msgDelayed: 2,
              consumers: [{ consumerName: "x" }],
              activeConsumerName: "x",
            },
          },
        },
      },
    };
    broker.answer = (method, path) => {
      const answer = answers[`${method} ${path}`];
      return answer === undefined
        ? { status: 404, body: '{"reason":"Topic not found"}' }
        : { status: answer.status, body: JSON.stringify(answer.body) };
    };
    expect(await log.partitionsOf("t")).toBe(4);
    expect(await log.partitionsOf("unknown")).toBe(0);
    expect(await log.lastPosition("t")).toBe(position(9, 3, 2));
    expect(await log.lastPosition("none")).toBeUndefined();
    expect(await log.lastPosition("unknown")).toBeUndefined();
    expect(await log.positionAt("unknown", 5)).toBeUndefined();
    expect(await log.positionAt("t", 1_700_000_000_000.7)).toBe(position(9, 2));
    // A broker answers with the place of the next message when all are older, and with that of the first in a topic without one.
    expect(await log.positionAt("t", 1_800_000_000_000)).toBeUndefined();
    expect(await log.positionAt("none", 5)).toBeUndefined();
    expect(await log.topicStats("unknown")).toEqual({ subscriptions: [] });
    for (const body of ["<!doctype html><title>404</title>", '{"error":"no such page"}', "null"]) {
      broker.answer = () => ({ status: 404, body });
      await expect(log.partitionsOf("t")).rejects.toThrow(
        /^What answers at 127\.0\.0\.1:\d+ is no log: it knows nothing of \/admin\/v2\/persistent\/public\/default\/t\/partitions\./,
      );
    }
    broker.answer = () => ({ status: 404, body: "" });
    expect(await log.partitionsOf("t")).toBe(0);
    broker.answer = (method, path) => {
      const answer = answers[`${method} ${path}`];
      return {
        status: answer?.status ?? 404,
        body: JSON.stringify(answer?.body ?? { reason: "Topic not found" }),
      };
    };
    expect(await log.topicStats("t")).toEqual({
      subscriptions: [
        { name: "a", type: undefined, backlog: 3, delayed: 0, consumers: [] },
        { name: "b", type: "Failover", backlog: 0, delayed: 2, consumers: ["x"], activeConsumer: "x" },
      ],
    });
    expect(await log.refusalOf?.("unknown")).toBe("there is no such topic.");
    expect(await log.refusalOf?.("t")).toBeUndefined();
    broker.answer = (_, path) => ({
      status: 200,
      body: path.endsWith("/internalStats") ? '{"state":"Terminated"}' : '{"subscriptions":{}}',
    });
    expect(await log.refusalOf?.("t")).toBe("the topic is terminated: it takes no more messages, for good.");
    broker.answer = () => ({ status: 200, body: '{"backlogSize":3000,"backlogQuotaLimitSize":2000}' });
    expect(await log.refusalOf?.("t")).toMatch(/^the topic takes no more messages: 3 kB wait in it/);
    broker.answer = () => ({ status: 200, body: "<html>" });
    await expect(log.partitionsOf("t")).rejects.toMatchObject({ code: "unavailable" });
    broker.answer = () => ({ status: 200, body: '{"partitions":"many"}' });
    await expect(log.partitionsOf("t")).rejects.toMatchObject({ code: "unavailable" });
    broker.answer = () => ({ status: 401, body: '{"reason":"Authentication required"}' });
    await expect(log.partitionsOf("t")).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringMatching(/: the log doesn't take the token, and it is no JSON Web Token/),
    });
  });
});
