import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { MessageLog, ReceivedMessage } from "@downbeat/message-log";
import { ManualClock, settled } from "@downbeat/message-log/testing";
import { openPulsarLog } from "@downbeat/pulsar";
import { openPulsarNativeLog } from "@downbeat/pulsar/native";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedLog, openEmbeddedLog, serve } from "../src/index.ts";
import { nativeModuleOn } from "./native-module.ts";
import { temporaryFile } from "./temporary-file.ts";

let opened: EmbeddedLog;
let directory: string;
let log: MessageLog;
let clock: ManualClock;
let module: ReturnType<typeof nativeModuleOn>;
beforeEach(async () => {
  const place = await temporaryFile();
  directory = place.directory;
  opened = await openEmbeddedLog({ file: place.file });
  module = nativeModuleOn(() => opened.connect());
  clock = new ManualClock();
  log = openPulsarNativeLog({ serviceUrl: "ws://127.0.0.1:9", module, clock });
});
afterEach(async () => {
  await log.close();
  await opened.close();
  await rm(directory, { recursive: true });
});

const text = (value: string) => ({ payload: Buffer.from(value) });

describe("the native client's sessions", () => {
  test("end when the connection is gone, though the client would come back by itself", async () => {
    const closings: [string, Error | undefined][] = [];
    const onClose = (name: string) => (reason?: Error) => closings.push([name, reason]);
    const producer = await log.openProducer("t", { onClose: onClose("producer") });
    const onMessage = () => {};
    const options = { subscription: "s", type: "Failover", onMessage } as const;
    await log.openConsumer("t", { ...options, onClose: onClose("consumer") });
    await clock.advance(1_000);
    expect(closings).toEqual([]);
    for (const client of module.clients) client.connected = false;
    await clock.advance(1_000);
    const reason = expect.objectContaining({ code: "unavailable" });
    expect(closings).toEqual([
      ["producer", reason],
      ["consumer", reason],
    ]);
    await expect(producer.send(text("late"))).rejects.toMatchObject({ code: "unavailable" });
    expect(clock.waits).toEqual([]);
  });

  test("hand over no more than the queue holds, and go on as messages are answered", async () => {
    const producer = await log.openProducer("t");
    for (let i = 0; i < 20; i++) await producer.send(text(String(i)));
    const seen: string[] = [];
    const consumer = await log.openConsumer("t", {
      subscription: "s",
      type: "Shared",
      queueSize: 4,
      onMessage: ({ position, payload }) => {
        seen.push(Buffer.from(payload).toString());
        if (seen.length > 4) consumer.acknowledge(position);
        else held.push(position);
      },
    });
    const held: Parameters<typeof consumer.acknowledge>[0][] = [];
    await expect.poll(() => seen.length).toBe(4);
    await settled();
    expect(seen).toEqual(["0", "1", "2", "3"]);
    for (const position of held) consumer.acknowledge(position);
    await expect.poll(() => seen.length).toBe(20);
  });

  test("send no more at a time than the client's queue holds, in order", async () => {
    await log.close();
    log = openPulsarNativeLog({ serviceUrl: "ws://127.0.0.1:9", module, clock, maxInFlight: 2 });
    const producer = await log.openProducer("t");
    const positions = await Promise.all(["a", "b", "c", "d", "e"].map((one) => producer.send(text(one))));
    expect(positions).toEqual([...positions].sort());
    expect(new Set(positions).size).toBe(5);
  });
});

describe("the native client", () => {
  test("gives back properties as a plain object, though the module makes an array of them", async () => {
    const properties = { kind: "a", "0": "zero" };
    const seen: unknown[] = [];
    const onMessage = (message: ReceivedMessage) => seen.push(message.properties);
    await log.openConsumer("t", { subscription: "s", type: "Shared", onMessage });
    const producer = await log.openProducer("t");
    await producer.send({ ...text("x"), properties });
    await expect.poll(() => seen.length).toBe(1);
    expect(Array.isArray(seen[0])).toBe(false);
    expect(seen).toEqual([properties]);
  });

  test("refuses what the module would store otherwise than it was sent", async () => {
    const producer = await log.openProducer("t");
    const invalid = { name: "LogError", code: "invalid" };
    await expect(producer.send({ ...text("x"), key: "a\0b" })).rejects.toMatchObject(invalid);
    for (const properties of [{ a: "x\0y" }, { length: "3" }])
      await expect(producer.send({ ...text("x"), properties })).rejects.toMatchObject(invalid);
    await producer.send(text("goes on"));
  });

  test("refuses an acknowledgement timeout that the module does not take, and says what it takes", async () => {
    const options = { subscription: "s", type: "Shared", onMessage: () => {} } as const;
    await expect(log.openConsumer("t", { ...options, ackTimeoutMs: 9_999 })).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("no ackTimeoutMs under 10000"),
    });
    await log.openConsumer("t", { ...options, ackTimeoutMs: 10_000 });
  });

  test("reads by way of the WebSocket service, as the module's own readers end the process", async () => {
    const server = await serve(opened, { port: 0 });
    const reading = openPulsarNativeLog({ serviceUrl: server.url, module });
    const producer = await log.openProducer("t");
    await producer.send(text("stored"));
    const seen: string[] = [];
    const closings: unknown[] = [];
    await reading.openReader("t", {
      from: "earliest",
      onMessage: ({ payload }) => void seen.push(Buffer.from(payload).toString()),
      onClose: (reason) => closings.push(reason),
    });
    await expect.poll(() => seen).toEqual(["stored"]);
    await reading.close();
    expect(closings).toEqual([undefined]);
    await server.close();
  });

  test("is not loaded in a thread: there the WebSocket client takes its place", async () => {
    const code = `
      const { parentPort } = require("node:worker_threads");
      import(${JSON.stringify(import.meta.resolve("@downbeat/pulsar"))}).then(async ({ openPulsarLog }) => {
        await openPulsarLog({ serviceUrl: "ws://127.0.0.1:9", client: "native" }).close();
        parentPort.postMessage(Object.keys(require.cache).filter((path) => path.includes("pulsar-client")));
      });`;
    const [loaded] = await once(new Worker(code, { eval: true }), "message");
    expect(loaded).toEqual([]);
  });

  const made = (options: Partial<Parameters<typeof openPulsarNativeLog>[0]>) => {
    const clients: Record<string, unknown>[] = [];
    const tokens: (string | (() => Promise<string>))[] = [];
    const certificates: object[] = [];
    const spying = {
      ...module,
      Client: class extends module.Client {
        constructor(given: ConstructorParameters<typeof module.Client>[0]) {
          super(given);
          clients.push({ ...given });
        }
      },
      AuthenticationToken: class {
        constructor(given: { readonly token: string | (() => Promise<string>) }) {
          tokens.push(given.token);
        }
      },
      AuthenticationTls: class {
        constructor(given: object) {
          certificates.push(given);
        }
      },
    };
    openPulsarNativeLog({ serviceUrl: "ws://broker:8080", ...options, module: spying });
    return { client: clients[0], tokens, certificates };
  };

  test("finds the brokers beside the WebSocket service, unless it is told where they are", () => {
    expect(made({}).client).toMatchObject({ serviceUrl: "pulsar://broker:6650" });
    expect(made({ serviceUrl: "wss://broker:8443" }).client).toMatchObject({
      serviceUrl: "pulsar+ssl://broker:6651",
    });
    expect(made({ brokerUrl: "pulsar://other:7000" }).client).toMatchObject({
      serviceUrl: "pulsar://other:7000",
    });
  });

  test("names the brokers' address and how to give another when nobody answers there", async () => {
    const Client = class extends module.Client {
      override createProducer(): Promise<never> {
        return Promise.reject(new Error("Failed to create producer: TimeOut"));
      }
    };
    const brokerUrl = "pulsar://nowhere:6650";
    const lost = openPulsarNativeLog({ serviceUrl: "ws://b:8080", brokerUrl, module: { ...module, Client } });
    await expect(lost.openProducer("t")).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(
        /^Producer of t: no broker answers at pulsar:\/\/nowhere:6650.*DOWNBEAT_PULSAR_BROKER_URL/,
      ),
    });
    await lost.close();
  });

  test("says what the admin API says of a refused token, as the module only waits", async () => {
    const Client = class extends module.Client {
      override createProducer(): Promise<never> {
        return Promise.reject(new Error("Failed to create producer: TimeOut"));
      }
    };
    const admin = createServer((_, response) => response.writeHead(401).end()).listen(0, "127.0.0.1");
    await once(admin, "listening");
    const { port } = admin.address() as AddressInfo;
    const serviceUrl = `ws://127.0.0.1:${port}`;
    const refused = openPulsarNativeLog({ serviceUrl, token: "t", module: { ...module, Client } });
    await expect(refused.openProducer("t")).rejects.toMatchObject({ code: "unauthorized" });
    await refused.close();
    admin.close();
  });

  test("gets a token as it is, and asks for the one in a file when it needs it", async () => {
    expect(made({}).client).not.toHaveProperty("authentication");
    const given = made({ token: "secret" });
    expect(given.client).toHaveProperty("authentication");
    expect(given.tokens).toEqual(["secret"]);
    const tokenFile = join(directory, "token");
    const [source] = made({ tokenFile }).tokens;
    if (typeof source !== "function") throw new Error("The token is not asked for");
    // Rejected, the module would wait forever.
    expect(await source()).toBe("");
    await writeFile(tokenFile, "one\n");
    expect(await source()).toBe("one");
    await writeFile(tokenFile, "two\n");
    expect(await source()).toBe("two");
  });

  test("shows the client certificate that the WebSocket client shows", () => {
    const folder = join(import.meta.dirname, "../../pulsar/test/tls");
    const files = {
      certFile: join(folder, "certificate.pem"),
      keyFile: join(folder, "key.pem"),
      caFile: join(folder, "certificate.pem"),
    };
    const shown = made(files);
    expect(shown.client).toHaveProperty("authentication");
    expect(shown.client).toMatchObject({ tlsTrustCertsFilePath: files.caFile });
    expect(shown.certificates).toEqual([{ certificatePath: files.certFile, privateKeyPath: files.keyFile }]);
  });

  test("asks for a token of the OAuth client when it needs one, and gives none when there is none", async () => {
    const [source] = made({
      oauth: { issuer: "http://127.0.0.1:9", clientId: "a", clientSecret: "b" },
    }).tokens;
    if (typeof source !== "function") throw new Error("The token is not asked for");
    expect(await source()).toBe("");
  });

  test("says that a token file can't be read", async () => {
    const tokenFile = join(directory, "none");
    const unread = openPulsarNativeLog({ serviceUrl: "ws://127.0.0.1:9", tokenFile, module });
    await expect(unread.openProducer("t")).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining("can't be read"),
    });
    await unread.close();
  });

  test("that is not installed is said in a sentence with what to do", async () => {
    const isInstalled = await import("pulsar-client" as string).then(
      () => true,
      () => false,
    );
    if (isInstalled) return;
    expect(() => openPulsarLog({ serviceUrl: "ws://127.0.0.1:9", client: "native" })).toThrow(
      /^The native Pulsar client is not installed here: "npm install pulsar-client" fetches it/,
    );
  });
});
