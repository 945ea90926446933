import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MessageLog, reconnectingReader } from "@downbeat/message-log";
import { openPulsarWebSocketLog, type PulsarWebSocketOptions } from "@downbeat/pulsar";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { engineMain, freePorts, Processes, until } from "../../lib/processes.ts";
import { type Broker, openBroker } from "../broker.ts";

/** A broker of its own, which asks for tokens. */

const secret = randomBytes(32);
const folder = mkdtempSync(join(tmpdir(), "downbeat-token-"));
const logs: MessageLog[] = [];
let broker: Broker;

function tokenOf(role: string, lastsSeconds?: number): string {
  const exp = lastsSeconds === undefined ? {} : { exp: Math.floor(Date.now() / 1_000) + lastsSeconds };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256" })}.${part({ sub: role, ...exp })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

beforeAll(async () => {
  const ports = await freePorts("web", "broker", "zookeeper", "bookkeeper");
  const token = tokenOf("admin");
  broker = await openBroker({
    ports,
    dataDir: join(folder, "broker"),
    token,
    say: () => {},
    settings: {
      authenticationEnabled: "true",
      authorizationEnabled: "true",
      superUserRoles: "admin",
      authenticationProviders: "org.apache.pulsar.broker.authentication.AuthenticationProviderToken",
      tokenSecretKey: `data:;base64,${secret.toString("base64")}`,
      brokerClientAuthenticationPlugin: "org.apache.pulsar.client.impl.auth.AuthenticationToken",
      brokerClientAuthenticationParameters: `token:${token}`,
    },
  });
  await broker.start();
}, 180_000);
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

test("whoever may not is told so, whatever he asks for", async () => {
  const unauthorized = { code: "unauthorized" };
  for (const options of [
    {},
    { token: "nonsense" },
    { token: tokenOf("guest") },
    { token: tokenOf("admin", -60) },
  ]) {
    const log = open(options);
    await expect(log.openProducer("t"), JSON.stringify(options)).rejects.toMatchObject(unauthorized);
    const consumer = { subscription: "s", type: "Shared", onMessage: () => {} } as const;
    await expect(log.openConsumer("t", consumer)).rejects.toMatchObject(unauthorized);
    await expect(log.openReader("t", { from: "earliest", onMessage: () => {} })).rejects.toMatchObject(
      unauthorized,
    );
    await expect(log.createPartitionedTopic("p", 2)).rejects.toMatchObject(unauthorized);
  }
  const ended = open({ token: tokenOf("admin", -60) });
  await expect(ended.openProducer("t")).rejects.toThrow(/The token ended at 20/);
  expect(await open({ token: tokenOf("admin") }).openProducer("t")).toBeDefined();
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

test("an engine with a refused token waits, says so, and runs once the file holds a good one", async () => {
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
  const isTold = async () => (await state()).body.includes("refuses the token");
  expect(await until(isTold, 30_000), (await state()).body).toBe(true);
  expect((await state()).status).toBe(503);
  const good = tokenOf("admin", 3_600);
  writeFileSync(tokenFile, good);
  expect(await until(async () => (await state()).status === 200, 40_000), (await state()).body).toBe(true);
  const printed = processes.lastLines("engine", 1_000);
  expect(printed).toContain("refuses the token");
  for (const token of [refused, good]) expect(printed).not.toContain(token);
  await processes.endAll();
  rmSync(processes.folder, { recursive: true, force: true });
});
