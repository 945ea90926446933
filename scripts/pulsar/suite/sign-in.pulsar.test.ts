import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MessageLog, reconnectingReader } from "@downbeat/message-log";
import { openPulsarWebSocketLog, type PulsarWebSocketOptions } from "@downbeat/pulsar";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Authority } from "../../../packages/pulsar/test/certificates.ts";
import { Issuer } from "../../../packages/pulsar/test/issuer.ts";
import { engineMain, freePorts, Processes, until } from "../../lib/processes.ts";
import type { Broker } from "../broker.ts";
import { type AskingBroker, openAskingBroker, type TokenOf } from "./asking-broker.ts";

/** A broker of its own, which asks who comes: by token or, over TLS, by client certificate. */

const folder = mkdtempSync(join(tmpdir(), "downbeat-sign-in-"));
const logs: MessageLog[] = [];
const authority = new Authority(join(folder, "certificates"));
let broker: Broker;
let tokenOf: TokenOf;
let overTls: AskingBroker["overTls"];

beforeAll(async () => {
  ({ broker, tokenOf, overTls } = await openAskingBroker(folder, authority));
}, 300_000);
afterEach(async () => {
  for (const log of logs.splice(0)) await log.close();
});
afterAll(async () => {
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

function open(options: Partial<PulsarWebSocketOptions>): MessageLog {
  const log = openPulsarWebSocketLog({ serviceUrl: broker.webSocketUrl, ...options });
  logs.push(log);
  return log;
}

const sentences: Readonly<Record<string, [() => Partial<PulsarWebSocketOptions>, RegExp]>> = {
  nothing: [() => ({}), /: the log asks who this is, and was shown nothing\./],
  "no token": [
    () => ({ token: "nonsense" }),
    /: the log doesn't take the token, and it is no JSON Web Token/,
  ],
  "an ended token": [() => ({ token: tokenOf("admin", -60) }), /: the token ended at 20/],
  "a forged token": [
    () => ({ token: tokenOf("admin", 60, randomBytes(32)) }),
    /: the log doesn't take the token: it was signed with a key that is not this cluster's/,
  ],
  "the token of somebody without permission": [
    () => ({ token: tokenOf("guest") }),
    /: the log knows the token, but "guest" may not do that/,
  ],
  "no certificate": [() => overTls, /: the log asks who this is, and was shown nothing\./],
  "the certificate of somebody without permission": [
    () => ({ ...overTls, ...authority.sign("guest") }),
    /: the log knows the client certificate, but "guest" may not do that/,
  ],
};

for (const [shown, [options, message]] of Object.entries(sentences))
  test(`who shows ${shown} is told so in one sentence, whatever he asks for`, async () => {
    const log = open(options());
    const consumer = { subscription: "s", type: "Shared", onMessage: () => {} } as const;
    const asked: readonly (() => Promise<unknown>)[] = [
      () => log.openProducer("t"),
      () => log.openConsumer("t", consumer),
      () => log.openReader("t", { from: "earliest", onMessage: () => {} }),
      () => log.createPartitionedTopic("p", 2),
      () => log.lastPosition("t"),
    ];
    for (const ask of asked)
      await expect(ask()).rejects.toMatchObject({
        code: "unauthorized",
        message: expect.stringMatching(message),
      });
  });

test("a certificate that the broker knows signs in, over the WebSocket and the admin API", async () => {
  const log = open({ ...overTls, ...authority.sign("admin") });
  await log.createPartitionedTopic("certified", 2);
  expect(await log.partitionsOf("certified")).toBe(2);
  expect(await (await log.openProducer("certified")).send({ payload: Buffer.from("hello") })).toBeDefined();
});

test("an OAuth client signs in with the issuer's tokens, and goes on with the next before one ends", async () => {
  const issuer = await Issuer.start();
  try {
    const oauth = { issuer: issuer.url, clientId: "engine", clientSecret: "secret" };
    issuer.answer = () => ({ status: 401, body: { error: "invalid_client" } });
    const refused = open({ oauth: { ...oauth, clientSecret: "wrong" } });
    await expect(refused.openProducer("t")).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringMatching(/gives the client "engine" no token \(invalid_client\)/),
    });
    issuer.answer = () => ({
      status: 200,
      body: { access_token: tokenOf("admin", 8), token_type: "Bearer", expires_in: 8 },
    });
    const log = open({ oauth });
    const states: string[] = [];
    const seen: string[] = [];
    const reader = reconnectingReader(log, "granted", {
      from: "earliest",
      onMessage: ({ payload }) => void seen.push(Buffer.from(payload).toString()),
      onStateChange: (state) => states.push(state),
    });
    expect(await until(() => states.length === 4, 30_000), states.join()).toBe(true);
    expect(await (await log.openProducer("granted")).send({ payload: Buffer.from("late") })).toBeDefined();
    expect(await until(() => seen.length === 1, 20_000)).toBe(true);
    expect(states.slice(0, 4)).toEqual(["connecting", "connected", "connecting", "connected"]);
    expect(issuer.asked.length).toBeGreaterThan(2);
    await reader.close();
  } finally {
    await issuer.stop();
  }
});

test("a session ends with its token, and goes on with the next one that is in the file", async () => {
  const tokenFile = join(folder, "short");
  writeFileSync(tokenFile, tokenOf("admin", 6));
  const seen: string[] = [];
  const states: string[] = [];
  const reader = reconnectingReader(open({ tokenFile }), "renewed", {
    from: "earliest",
    onMessage: ({ payload }) => void seen.push(Buffer.from(payload).toString()),
    onStateChange: (state) => states.push(state),
  });
  const producer = await open({ token: tokenOf("admin") }).openProducer("renewed");
  await producer.send({ payload: Buffer.from("before") });
  expect(await until(() => seen.length === 1, 20_000)).toBe(true);
  writeFileSync(tokenFile, tokenOf("admin", 3_600));
  expect(await until(() => states.length === 4, 20_000), states.join()).toBe(true);
  expect(states).toEqual(["connecting", "connected", "connecting", "connected"]);
  await producer.send({ payload: Buffer.from("after") });
  expect(await until(() => seen.length === 2, 20_000)).toBe(true);
  expect(seen).toEqual(["before", "after"]);
  await reader.close();
});

test("an engine with a refused token says so, runs once the file holds a good one, and says so when that ends", {
  timeout: 120_000,
}, async () => {
  const tokenFile = join(folder, "engine-token");
  const refused = tokenOf("guest");
  writeFileSync(tokenFile, refused);
  const { health } = await freePorts("health");
  const processes = new Processes("token");
  const env = {
    DOWNBEAT_LOG_URL: broker.webSocketUrl,
    DOWNBEAT_PULSAR_TOKEN_FILE: tokenFile,
    DOWNBEAT_DATA_DIR: folder,
    DOWNBEAT_ENGINE_PORT: String(health),
  };
  processes.start({ name: "engine", main: engineMain, env });
  const state = async () => {
    const answer = await fetch(`http://127.0.0.1:${health}/readyz`).catch(() => undefined);
    return answer === undefined
      ? { status: 0, body: "" }
      : { status: answer.status, body: await answer.text() };
  };
  const sentence = 'the log knows the token, but \\"guest\\" may not do that';
  const isTold = async () => (await state()).body.includes(sentence);
  expect(await until(isTold, 30_000), (await state()).body).toBe(true);
  expect((await state()).status).toBe(503);
  const good = tokenOf("admin", 20);
  writeFileSync(tokenFile, good);
  expect(await until(async () => (await state()).status === 200, 40_000), (await state()).body).toBe(true);

  // Nobody renews it: its sessions end with it, and the reason is said.
  const isEnded = async () => /the token ended at 20/.test((await state()).body);
  expect(await until(isEnded, 60_000), (await state()).body).toBe(true);
  const printed = processes.lastLines("engine", 1_000);
  expect(printed).toContain(sentence);
  for (const token of [refused, good]) expect(printed).not.toContain(token);
  await processes.endAll();
  rmSync(processes.folder, { recursive: true, force: true });
});
