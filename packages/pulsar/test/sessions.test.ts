import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MessageLog, reconnectingProducer, reconnectingReader } from "@downbeat/message-log";
import { ManualClock, until } from "@downbeat/message-log/testing";
import { encodeMessageId } from "@downbeat/wire";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPulsarWebSocketLog } from "../src/index.ts";
import { FakeBroker } from "./fake-broker.ts";
import { webToken } from "./web-token.ts";

const tls = (name: string) => join(import.meta.dirname, "tls", name);

let broker: FakeBroker;
let log: MessageLog;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "downbeat-token-"));
  broker = await FakeBroker.start();
});
afterEach(async () => {
  await log.close();
  await broker.stop();
  rmSync(folder, { recursive: true });
});

describe("a session whose token ends", () => {
  test("is renewed before, with the token that the file holds by then", async () => {
    const clock = new ManualClock();
    const tokenFile = join(folder, "token");
    const [first, second] = [1, 2].map((hours) => webToken({ exp: clock.now() / 1_000 + hours * 3_600 }));
    writeFileSync(tokenFile, first ?? "");
    log = openPulsarWebSocketLog({ serviceUrl: broker.url, tokenFile, clock });
    const reader = reconnectingReader(log, "t", { from: "earliest", onMessage: () => {}, minDelayMs: 1 });
    // Nothing but the end of its life is waited for: the handshake is over.
    await until("it connected", () => clock.waits.length === 1 && (clock.waits[0] ?? 0) > 60_000);
    const [life = 0] = clock.waits;
    expect(life).toBeGreaterThanOrEqual(0.8 * 3_600_000);
    expect(life).toBeLessThan(3_600_000);
    writeFileSync(tokenFile, second ?? "");
    await clock.advance(life);
    await until("it connected again", () => broker.connections.length === 2);
    expect(broker.connections.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${first}`,
      `Bearer ${second}`,
    ]);
    await reader.close();
  });

  test("gives a producer its receipts, so that nothing is sent a second time", async () => {
    const clock = new ManualClock();
    log = openPulsarWebSocketLog({ serviceUrl: broker.url, maxSessionAgeMs: 60_000, clock });
    const producer = reconnectingProducer(log, "t", { minDelayMs: 1 });
    const sends = ["a", "b"].map((one) => producer.send({ payload: Buffer.from(one) }));
    await until("both are under way", () => broker.connections[0]?.frames.length === 2);
    await clock.advance(60_000);
    expect(broker.connections).toHaveLength(1);
    const [connection] = broker.connections;
    for (const [index, frame] of (connection?.frames ?? []).entries())
      connection?.send({ result: "ok", messageId: encodeMessageId(1, index, -1), context: frame.context });
    await Promise.all(sends);
    await until("it connected again", () => broker.connections.length === 2);
    expect(broker.connections[1]?.frames).toEqual([]);
    await producer.close();
  });

  test("and is refused by then says so, and never shows the token", async () => {
    const ended = webToken({ exp: 1_000_000_000 });
    log = openPulsarWebSocketLog({ serviceUrl: broker.url, token: ended });
    broker.refuseWith = { status: 401, body: "Authentication required" };
    const error = await log.openProducer("t").catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: "unauthorized",
      message:
        "Producer of t: the token ended at 2001-09-09T01:46:40.000Z. Give one that still holds; one in a file is read again.",
    });
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(ended);
  });
});

describe("over TLS", () => {
  beforeEach(async () => {
    await broker.stop();
    broker = await FakeBroker.start({
      key: readFileSync(tls("key.pem")),
      cert: readFileSync(tls("certificate.pem")),
    });
  });

  test("sessions and admin requests trust the given authority, and carry the token", async () => {
    log = openPulsarWebSocketLog({ serviceUrl: broker.url, token: "secret", caFile: tls("certificate.pem") });
    await log.openProducer("t");
    broker.answer = () => ({ status: 200, body: '{"partitions":4}' });
    expect(await log.partitionsOf("t")).toBe(4);
    expect(broker.connections[0]?.headers.authorization).toBe("Bearer secret");
    expect(broker.connections[0]?.query.toString()).toBe("");
    expect(broker.requests[0]?.headers.authorization).toBe("Bearer secret");
    expect(broker.requests[0]?.path).not.toContain("secret");
  });

  test("a certificate of nobody that is trusted is refused", async () => {
    log = openPulsarWebSocketLog({ serviceUrl: broker.url });
    await expect(log.openProducer("t")).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/who signed its certificate is not known here; DOWNBEAT_PULSAR_CA_FILE/),
    });
    await expect(log.partitionsOf("t")).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/who signed its certificate is not known here/),
    });
  });

  test("a certificate file that is missing, or is none, is said so at once", () => {
    log = openPulsarWebSocketLog({ serviceUrl: broker.url });
    const open = (caFile: string) => openPulsarWebSocketLog({ serviceUrl: broker.url, caFile });
    expect(() => open("/nowhere/ca.pem")).toThrow(
      "The certificate file /nowhere/ca.pem can't be read (ENOENT).",
    );
    expect(() => open(tls("README.md"))).toThrow(/holds no certificate in PEM form/);
  });
});

describe("the number of partitions", () => {
  const path = "/admin/v2/persistent/public/default/history";
  const answering = (partitions: number, properties?: Record<string, string>) => {
    const known = { partitions, deleted: false, ...(properties && { properties }) };
    broker.answer = (method, asked) => {
      if (method === "GET" && asked === `${path}/partitions`)
        return { status: 200, body: JSON.stringify(known) };
      return method === "PUT" && asked === `${path}/properties`
        ? { status: 204, body: "" }
        : { status: 409, body: '{"reason":"This topic already exists"}' };
    };
  };

  test("stays what the topic was set up with when an administrator raises it, and that is said once", async () => {
    const notices: string[] = [];
    log = openPulsarWebSocketLog({ serviceUrl: broker.url, onNotice: (notice) => notices.push(notice) });
    answering(8, { "downbeat.partitions": "4" });
    expect(await log.partitionsOf("history")).toBe(4);
    await log.createPartitionedTopic("history", 4);
    expect(await log.partitionsOf("history")).toBe(4);
    expect(notices).toEqual([
      expect.stringMatching(/history was set up with 4 partitions and has 8 now\. The first 4 are used/),
    ]);
    await expect(log.createPartitionedTopic("history", 8)).rejects.toMatchObject({
      code: "conflict",
      message: "Topic history has 4 partitions, not the 8 that are asked for.",
    });
  });

  test("is written down where a topic has none noted yet", async () => {
    log = openPulsarWebSocketLog({ serviceUrl: broker.url });
    answering(4);
    await log.createPartitionedTopic("history", 4);
    expect(broker.requests.at(-1)).toMatchObject({
      method: "PUT",
      path: `${path}/properties`,
      body: '{"downbeat.partitions":"4"}',
    });
  });
});
