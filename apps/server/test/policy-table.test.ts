import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appRouter } from "@downbeat/api";
import { forbidden, may, permissions, roles } from "@downbeat/api/policy";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { noAlertConfig } from "../src/alerts/channel-config.ts";
import { readEnv } from "../src/env.ts";
import { apiHandler, procedureNames } from "../src/http/api-handler.ts";
import { createMetrics } from "../src/metrics.ts";
import { ServedNamespaces } from "../src/namespaces/served-namespaces.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const said = z.object({ error: z.object({ message: z.string(), data: z.object({ code: z.string() }) }) });
const role = z.enum(roles);
const meta = z.object({ permission: z.enum(permissions) });
const procedures = Object.entries(appRouter._def.procedures).map(([path, procedure]) => {
  const { type, meta: asked } = z
    .object({ type: z.enum(["query", "mutation", "subscription"]), meta })
    .parse(Reflect.get(procedure, "_def"));
  return { path, type, permission: asked.permission };
});

/** Everybody has the role that the test says, in `own/orders` alone; `foreign/orders` is served too. */
let url: string;
let close: () => Promise<void>;

beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "downbeat-table-"));
  const logger = pino({ level: "silent" });
  const { logs } = readEnv({
    DOWNBEAT_LOG_URL: "ws://127.0.0.1:9",
    DOWNBEAT_NAMESPACES: "own/orders,foreign/orders",
  });
  const namespaces = await ServedNamespaces.open({
    logs,
    dataDir,
    pulsarSql: undefined,
    hotWindowMs: 1,
    alerts: noAlertConfig,
    logger,
    onFlushed: () => {},
  });
  const handle = apiHandler({
    namespaces,
    mostFollowers: 100,
    addressOf: () => "127.0.0.1",
    metrics: createMetrics(procedureNames, () => namespaces.all),
    logger,
  });
  const server = createServer((request, response) => {
    handle(request, response, (request.url ?? "").split("?", 1)[0] ?? "", {
      actor: "somebody",
      standingIn: ({ tenant }) =>
        tenant === "own"
          ? { role: role.parse(request.headers["x-role"]) }
          : { refusal: `No role in ${tenant}.` },
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/trpc`;
  close = async () => {
    server.closeAllConnections();
    server.close();
    await namespaces.close();
    await rm(dataDir, { recursive: true });
  };
});

afterAll(() => close());

/** The code of a refusal and its sentence; `let in` for what got further, to what is wrong with the question. */
async function ask(path: string, type: string, as: string): Promise<string> {
  const leaving = new AbortController();
  const answer = await fetch(`${url}/${path}`, {
    method: type === "mutation" ? "POST" : "GET",
    headers: { "x-role": as, ...(type === "mutation" && { "content-type": "application/json" }) },
    ...(type === "mutation" && { body: "{}" }),
    signal: leaving.signal,
  });
  if (answer.status !== 403) {
    leaving.abort();
    return "let in";
  }
  // What is streamed is refused before there is a stream.
  if (path.endsWith("live.changes")) return (await answer.text()).trim();
  return said.parse(await answer.json()).error.message;
}

describe.each(roles)("%s", (as) => {
  test.each(procedures)("$path", async ({ path, type, permission }) => {
    expect(await ask(`own/orders/${path}`, type, as)).toBe(
      may(as, permission) ? "let in" : forbidden(permission),
    );
    expect(await ask(`foreign/orders/${path}`, type, as)).toBe("No role in foreign.");
  });
});

test("whether a namespace is served is not told to who has no role there", async () => {
  expect(await ask("foreign/unserved/me.get", "query", "admin")).toBe("No role in foreign.");
  expect(await ask("own/unserved/me.get", "query", "admin")).toBe("let in");
  const { result } = z
    .object({ result: z.object({ data: z.object({ namespaces: z.array(z.unknown()) }) }) })
    .parse(await (await fetch(`${url}/namespaces.list`, { headers: { "x-role": "viewer" } })).json());
  expect(result.data.namespaces).toEqual([{ tenant: "own", namespace: "orders" }]);
});
