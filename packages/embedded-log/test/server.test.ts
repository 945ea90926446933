import { rm } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { until } from "@downbeat/message-log/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type EmbeddedLog, type LogServer, openEmbeddedLog, serve } from "../src/index.ts";
import { RawSocket } from "./raw-socket.ts";
import { temporaryFile } from "./temporary-file.ts";

let log: EmbeddedLog;
let server: LogServer;
let directory = "";
const topic = "persistent/public/default/t";

beforeEach(async () => {
  const temporary = await temporaryFile();
  directory = temporary.directory;
  log = await openEmbeddedLog({ file: temporary.file, maxMessageBytes: 100_000 });
  server = await serve(log, { port: 0 });
});
afterEach(async () => {
  await server.close();
  await log.close();
  await rm(directory, { recursive: true });
});

function open(path: string, headers?: Record<string, string>): Promise<RawSocket> {
  return RawSocket.open(`${server.url}/ws/v2/${path}`, headers);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function http(
  method: string,
  path: string,
  options: { body?: string; headers?: Record<string, string> } = {},
) {
  return new Promise<Answer>((resolve, reject) => {
    const sent = request(
      { method, path, host: "127.0.0.1", port: server.port, headers: options.headers ?? {} },
      (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      },
    );
    sent.on("error", reject);
    sent.end(options.body);
  });
}

describe("a producer", () => {
  test("gets a receipt for each message, with its context", async () => {
    const producer = await open(`producer/${topic}`);
    producer.send({ payload: base64("a"), context: "1", properties: { p: "q" }, key: "k" });
    producer.send({ payload: base64("b"), context: "two" });
    producer.send({ payload: base64("c") });
    await producer.frame(2);
    expect(producer.frames).toEqual([
      { result: "ok", messageId: expect.any(String), context: "1" },
      { result: "ok", messageId: expect.any(String), context: "two" },
      { result: "ok", messageId: expect.any(String) },
    ]);
  });

  test("is told what is wrong with a frame, and goes on", async () => {
    const producer = await open(`producer/${topic}`);
    const wrong: unknown[] = [
      "no JSON",
      [1, 2],
      { context: "no payload" },
      { payload: 7 },
      { payload: "not *base64*", context: "c1" },
      { payload: base64("x"), properties: { a: 1 } },
      { payload: base64("x"), eventTime: "yesterday", context: "c2" },
      { payload: Buffer.alloc(120_000).toString("base64"), context: "c3" },
      { payload: base64("fine"), context: "c4" },
    ];
    for (const frame of wrong) producer.send(frame);
    await producer.frame(wrong.length - 1);
    const results = producer.frames.map((frame) => [frame.result, frame.context]);
    expect(results).toEqual(
      expect.arrayContaining([
        ["send-error:3", undefined],
        ["send-error:7", "c1"],
        ["send-error:7", "c2"],
        ["send-error:8", "c3"],
        ["ok", "c4"],
      ]),
    );
    expect(results.filter(([result]) => result === "send-error:3").length).toBe(5);
    expect(producer.frames.find((frame) => frame.context === "c3")?.errorMsg).toMatch(/TooLarge/);
  });

  test("of a taken name is refused with 409, and free again when the first connection breaks", async () => {
    const first = await open(`producer/${topic}?producerName=p`);
    await expect(open(`producer/${topic}?producerName=p`)).rejects.toThrow(/^409 .*connected/);
    first.break();
    await until("the name is free", async () => {
      const second = await open(`producer/${topic}?producerName=p`).catch(() => undefined);
      second?.close();
      return second !== undefined;
    });
  });

  test("gets the id -1:-1 for a duplicate", async () => {
    const first = await open(`producer/${topic}?producerName=p&initialSequenceId=4`);
    first.send({ payload: base64("5") });
    await first.frame(0);
    first.close();
    await first.ended();
    const again = await open(`producer/${topic}?producerName=p&initialSequenceId=4`);
    again.send({ payload: base64("5 again") });
    const receipt = await again.frame(0);
    expect(receipt.result).toBe("ok");
    // Two fields of ten bytes each, all ones.
    expect(Buffer.from(String(receipt.messageId), "base64").toString("hex")).toBe(
      "08ffffffffffffffffff0110ffffffffffffffffff01",
    );
  });

  test("may ask for a delay from now", async () => {
    const consumer = await open(`consumer/${topic}/sub?subscriptionType=Shared`);
    const producer = await open(`producer/${topic}`);
    const before = Date.now();
    producer.send({ payload: base64("later"), deliverAfterMs: 300 });
    await consumer.frame(0);
    expect(Date.now() - before).toBeGreaterThanOrEqual(290);
  });

  test("that sends a frame beyond all limits is disconnected, and no one else", async () => {
    const producer = await open(`producer/${topic}`);
    const other = await open(`producer/${topic}`);
    producer.send({ payload: "A".repeat(400_000) });
    expect((await producer.ended()).code).toBe(1009);
    other.send({ payload: base64("x") });
    expect((await other.frame(0)).result).toBe("ok");
  });
});

describe("a consumer", () => {
  async function publish(...texts: string[]): Promise<void> {
    const producer = await open(`producer/${topic}`);
    for (const text of texts)
      producer.send({ payload: base64(text), key: `key of ${text}`, properties: { a: "b" } });
    await producer.frame(texts.length - 1);
    producer.close();
  }

  test("gets frames with everything a message has", async () => {
    const consumer = await open(`consumer/${topic}/sub`);
    await publish("hello");
    expect(await consumer.frame(0)).toEqual({
      messageId: expect.any(String),
      payload: base64("hello"),
      properties: { a: "b" },
      key: "key of hello",
      publishTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      redeliveryCount: 0,
    });
  });

  test("starts at the latest unless it asks for the earliest, as Pulsar has it", async () => {
    await publish("old");
    const latest = await open(`consumer/${topic}/a`);
    const earliest = await open(`consumer/${topic}/b?subscriptionInitialPosition=Earliest`);
    await publish("new");
    await Promise.all([latest.frame(0), earliest.frame(1)]);
    expect(latest.frames.map((frame) => frame.payload)).toEqual([base64("new")]);
    expect(earliest.frames.map((frame) => frame.payload)).toEqual([base64("old"), base64("new")]);
  });

  test("in push mode holds at most its queue, and gets more for what it answers", async () => {
    const consumer = await open(`consumer/${topic}/sub?receiverQueueSize=2&negativeAckRedeliveryDelay=60000`);
    await publish("1", "2", "3", "4");
    consumer.send({ messageId: (await consumer.frame(1)).messageId });
    consumer.send({ type: "negativeAcknowledge", messageId: (await consumer.frame(2)).messageId });
    await consumer.frame(3);
    expect(consumer.frames.map((frame) => frame.payload)).toEqual(["1", "2", "3", "4"].map(base64));
  });

  test("in pull mode gets what it has permits for", async () => {
    const consumer = await open(`consumer/${topic}/sub?pullMode=true&subscriptionInitialPosition=Earliest`);
    await publish("1", "2", "3", "4", "5");
    consumer.send({ type: "isEndOfTopic" });
    expect(await consumer.frame(0)).toEqual({ endOfTopic: false });
    consumer.send({ type: "permit", permitMessages: 2 });
    await consumer.frame(2);
    consumer.send({ type: "isEndOfTopic" });
    expect(await consumer.frame(3)).toEqual({ endOfTopic: false });
    consumer.send({ type: "permit", permitMessages: 100 });
    await consumer.frame(6);
  });

  test("that sends nonsense is disconnected, and no one else", async () => {
    const good = await open(`consumer/${topic}/good`);
    for (const nonsense of ["{", "[]", { type: "permit" }, { messageId: "%%%" }, {}, Buffer.from([1, 2])]) {
      const bad = await open(`consumer/${topic}/bad?subscriptionType=Shared`);
      bad.send(nonsense);
      expect((await bad.ended()).code).toBe(1007);
    }
    await publish("still there");
    await good.frame(0);
  });

  test("acknowledging what it never had is harmless", async () => {
    const consumer = await open(`consumer/${topic}/sub`);
    consumer.send({ messageId: Buffer.from([0x08, 99, 0x10, 7]).toString("base64") });
    await publish("one");
    await consumer.frame(0);
  });

  test("may remove the subscription, when it is alone", async () => {
    const one = await open(`consumer/${topic}/sub?subscriptionType=Shared`);
    const two = await open(`consumer/${topic}/sub?subscriptionType=Shared`);
    one.send({ type: "unsubscribe" });
    expect((await one.ended()).reason).toMatch(/other consumers/);
    two.send({ type: "unsubscribe" });
    await two.ended();
    const { body } = await http("GET", `/admin/v2/${topic}/stats`);
    expect(JSON.parse(body)).toEqual({ subscriptions: {} });
  });

  test("whose connection breaks gives its messages back", async () => {
    const first = await open(`consumer/${topic}/sub?subscriptionType=Shared`);
    await publish("one");
    await first.frame(0);
    const second = await open(`consumer/${topic}/sub?subscriptionType=Shared`);
    first.break();
    expect(await second.frame(0)).toMatchObject({ payload: base64("one"), redeliveryCount: 1 });
  });
});

describe("a reader", () => {
  test("starts after the id it names, and gets one more for each answer", async () => {
    const producer = await open(`producer/${topic}`);
    for (const text of ["1", "2", "3", "4", "5"]) producer.send({ payload: base64(text) });
    await producer.frame(4);
    const second = encodeURIComponent(String((await producer.frame(1)).messageId));
    const reader = await open(`reader/${topic}?messageId=${second}&receiverQueueSize=2`);
    reader.send({ messageId: (await reader.frame(1)).messageId });
    await reader.frame(2);
    expect(reader.frames.map((frame) => frame.payload)).toEqual(["3", "4", "5"].map(base64));
  });
});

describe("a client that does not read", () => {
  test("has no more than a few megabytes waiting for it, and gets everything once it reads", async () => {
    const producer = await log.connect().openProducer("t");
    await Promise.all(Array.from({ length: 400 }, () => producer.send({ payload: Buffer.alloc(90_000) })));
    const path = `${server.url}/ws/v2/reader/${topic}?messageId=earliest`;
    const before = process.memoryUsage().external;
    const socket = new WebSocket(path);
    let received = 0;
    socket.on("message", () => {
      received += 1;
    });
    await new Promise((resolve) => socket.once("open", resolve));
    socket.pause();
    const other = await open(`reader/${topic}?messageId=earliest&receiverQueueSize=50`);
    await other.frame(49);
    expect(process.memoryUsage().external - before).toBeLessThan(30_000_000);
    socket.resume();
    await until("everything came", () => received === 400);
    socket.terminate();
  });
});

describe("a client that is asked whether it is still there", () => {
  let asking: LogServer;
  beforeEach(async () => {
    asking = await serve(log, { port: 0, pingEveryMs: 10 });
  });
  afterEach(() => asking.close());
  const consumerUrl = () => `${asking.url}/ws/v2/consumer/${topic}/sub?subscriptionType=Failover`;

  test("and never answers is taken for gone; another takes over what it had", async () => {
    const silent = await RawSocket.open(consumerUrl(), {}, { autoPong: false });
    const heir = await RawSocket.open(consumerUrl());
    await silent.ended();
    const producer = await RawSocket.open(`${asking.url}/ws/v2/producer/${topic}`);
    producer.send({ payload: base64("one") });
    expect(await heir.frame(0)).toMatchObject({ payload: base64("one") });
  });

  test("and answers is left alone", async () => {
    const client = await RawSocket.open(consumerUrl());
    await until("it was asked often", () => client.pings > 10);
    expect(client.closed).toBeUndefined();
  });
});

describe("the door", () => {
  test("says what is wrong with a request for a session", async () => {
    await expect(open("producer/persistent/public/default/b%20ad")).rejects.toThrow(/^400 .*topic name/);
    await expect(open(`consumer/${topic}/sub?subscriptionType=Broadcast`)).rejects.toThrow(
      /^400 subscriptionType must be Exclusive, Shared, Failover or Key_Shared, not "Broadcast"/,
    );
    await expect(open(`consumer/${topic}/sub?receiverQueueSize=many`)).rejects.toThrow(
      /^400 .*receiverQueueSize/,
    );
    await expect(open(`consumer/${topic}/sub?ackTimeoutMillis=10`)).rejects.toThrow(/^400 /);
    await expect(open(`reader/${topic}?messageId=nonsense`)).rejects.toThrow(/^400 .*message id/);
    await expect(open(`consumer/${topic}`)).rejects.toThrow(/^404 /);
    await expect(open(`observer/${topic}`)).rejects.toThrow(/^404 /);
    await open(`consumer/${topic}/sub`);
    await expect(open(`consumer/${topic}/sub`)).rejects.toThrow(/^409 /);
  });

  test("is closed to browsers and to names that are not this machine's", async () => {
    await expect(open(`producer/${topic}`, { origin: "https://evil.example" })).rejects.toThrow(/^403 /);
    await expect(open(`producer/${topic}`, { host: "evil.example:8080" })).rejects.toThrow(/^403 /);
    const path = "/admin/v2/brokers/health";
    expect((await http("GET", path, { headers: { host: "evil.example" } })).status).toBe(403);
    expect((await http("GET", path, { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
    expect((await http("GET", path, { headers: { host: `localhost:${server.port}` } })).status).toBe(200);
    await expect(serve(log, { host: "0.0.0.0", port: 0 })).rejects.toMatchObject({ code: "invalid" });
    await expect(serve(log, { host: "192.168.0.1", port: 0 })).rejects.toMatchObject({ code: "invalid" });
  });

  test("compresses nothing", async () => {
    expect((await open(`producer/${topic}`)).extensions).toBe("");
  });

  test("survives what is no HTTP, and connections that go in the middle of the handshake", async () => {
    for (const noise of [
      "\x16\x03\x01 nonsense\r\n\r\n",
      `GET /ws/v2/producer/${topic} HTTP/1.1\r\nHost: localhost\r\n`,
    ]) {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(noise);
      await new Promise((resolve) => setImmediate(resolve));
      socket.destroy();
    }
    const halfway = connect(server.port, "127.0.0.1");
    halfway.on("error", () => {});
    halfway.write(
      `GET /ws/v2/consumer/${topic}/half HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bad\r\n\r\n`,
    );
    await until("the half session is gone", async () => {
      const { subscriptions } = await log.connect().topicStats("t");
      return subscriptions.every((one) => one.consumers.length === 0);
    });
    expect((await http("GET", "/admin/v2/brokers/health")).status).toBe(200);
  });

  test.each(["//", "http://[::bad/ws", "/%"])("refuses the address %s, and stays open", async (address) => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(
      `GET ${address} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk));
    await until("the connection is ended", () => socket.closed || socket.readableEnded);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    expect((await http("GET", "/admin/v2/brokers/health")).status).toBe(200);
  });

  test("tells when its port is taken", async () => {
    await expect(serve(log, { port: server.port })).rejects.toThrow(/port is in use.*another/);
  });
});

describe("the admin API", () => {
  test("makes and describes topics", async () => {
    expect(
      (await http("PUT", "/admin/v2/persistent/public/default/p/partitions", { body: "3" })).status,
    ).toBe(204);
    expect(
      (await http("PUT", "/admin/v2/persistent/public/default/p/partitions", { body: "3" })).status,
    ).toBe(409);
    expect(
      (await http("PUT", "/admin/v2/persistent/public/default/q/partitions", { body: "x" })).status,
    ).toBe(400);
    expect((await http("PUT", "/admin/v2/persistent/public/default/q/partitions")).status).toBe(400);
    expect(JSON.parse((await http("GET", "/admin/v2/persistent/public/default/p/partitions")).body)).toEqual({
      partitions: 3,
    });
    expect((await http("GET", `/admin/v2/${topic}/lastMessageId`)).status).toBe(404);
    expect((await http("GET", `/admin/v2/${topic}/stats`)).status).toBe(404);

    const consumer = await open(`consumer/${topic}/sub?subscriptionType=Failover&consumerName=c`);
    expect(JSON.parse((await http("GET", `/admin/v2/${topic}/lastMessageId`)).body)).toEqual({
      ledgerId: -1,
      entryId: -1,
      partitionIndex: -1,
    });
    const producer = await open(`producer/${topic}`);
    producer.send({ payload: base64("one") });
    await producer.frame(0);
    await consumer.frame(0);
    expect(JSON.parse((await http("GET", `/admin/v2/${topic}/lastMessageId`)).body)).toEqual({
      ledgerId: expect.any(Number),
      entryId: 0,
      partitionIndex: -1,
    });
    expect(JSON.parse((await http("GET", `/admin/v2/${topic}/stats`)).body)).toEqual({
      subscriptions: {
        sub: {
          type: "Failover",
          msgBacklog: 1,
          msgDelayed: 0,
          consumers: [{ consumerName: "c" }],
          activeConsumerName: "c",
          earliestMsgPublishTimeInBacklog: expect.any(Number),
        },
      },
    });
    expect(JSON.parse((await http("GET", "/admin/v2/persistent/public/default")).body)).toEqual([
      "persistent://public/default/t",
    ]);
    expect((await http("DELETE", `/admin/v2/${topic}`)).status).toBe(404);
  });

  test("keeps tenants and namespaces apart", async () => {
    const producer = await open("producer/persistent/acme/blue/t");
    producer.send({ payload: base64("one") });
    await producer.frame(0);
    expect(JSON.parse((await http("GET", "/admin/v2/persistent/acme/blue")).body)).toEqual([
      "persistent://acme/blue/t",
    ]);
    expect(JSON.parse((await http("GET", "/admin/v2/persistent/acme/green")).body)).toEqual([]);
    expect(await log.connect({ tenant: "acme", namespace: "blue" }).lastPosition("t")).toBeDefined();
    expect(await log.connect().lastPosition("t")).toBeUndefined();
  });
});

test("when the log ends, its clients are told", async () => {
  const consumer = await open(`consumer/${topic}/sub`);
  await log.close();
  expect((await consumer.ended()).code).toBe(1000);
  await expect(open(`consumer/${topic}/sub`)).rejects.toThrow(/^503 /);
});
