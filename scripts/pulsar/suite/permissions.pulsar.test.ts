import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examine } from "@downbeat/cluster/doctor";
import { openCluster, setUp } from "@downbeat/cluster/setup";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { handle, worker } from "@downbeat/sdk/worker";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ask, engineMain, freePorts, Processes, serverMain, until } from "../../lib/processes.ts";
import type { Broker } from "../broker.ts";
import { openAskingBroker } from "./asking-broker.ts";

/** A broker of its own, on which engines, servers and workers have what `downbeat setup` gives them, and no more. */

const folder = mkdtempSync(join(tmpdir(), "downbeat-permissions-"));
const place = { tenant: "public", namespace: "permitted" };
let broker: Broker;
let tokenOf: (role: string) => string;

const bookFlight = job<{ readonly to: string }, { readonly booked: boolean }>("bookFlight");
const trip = workflow("trip", (run) => run.job(bookFlight, { to: "Rome" }));

beforeAll(async () => {
  ({ broker, tokenOf } = await openAskingBroker(folder));
}, 300_000);
afterAll(async () => {
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test("with the permissions that set-up gives, a run is decided, worked on and seen, and nobody may more than is his", {
  timeout: 240_000,
}, async () => {
  const cluster = openCluster({ serviceUrl: broker.webSocketUrl, token: tokenOf("admin") });
  const wanted = {
    ...place,
    partitions: 2,
    jobTypes: ["bookFlight"],
    workflows: ["trip"],
    builds: ["1"],
    engineRoles: ["engine"],
    serverRoles: ["server"],
    workerRoles: ["flights"],
  };
  const outcomes = async () => {
    const lines: string[] = [];
    for await (const { what, outcome } of setUp(cluster, wanted))
      if (what.startsWith("permissions")) lines.push(`${outcome} ${what}`);
    return lines;
  };
  const roles = ["engine", "server", "flights"];
  expect(await outcomes()).toEqual(roles.map((role) => `made permissions of "${role}"`));
  expect(await outcomes()).toEqual(roles.map((role) => `exists permissions of "${role}"`));
  const found = await examine(cluster, { ...place, engineRoles: ["engine"] });
  expect(found.filter(({ id }) => /writers|permissions/.test(id))).toEqual([]);
  cluster.close();

  const processes = new Processes("permissions");
  onTestFinished(async () => {
    await processes.endAll();
    rmSync(processes.folder, { recursive: true, force: true });
  });
  const ports = await freePorts("engine", "server");
  const env = (role: string) => ({
    DOWNBEAT_LOG_URL: broker.webSocketUrl,
    DOWNBEAT_NAMESPACE: place.namespace,
    DOWNBEAT_PULSAR_TOKEN: tokenOf(role),
    DOWNBEAT_DATA_DIR: join(processes.folder, role),
  });
  processes.start({
    name: "engine",
    main: engineMain,
    env: { ...env("engine"), DOWNBEAT_ENGINE_PORT: String(ports.engine) },
  });
  processes.start({
    name: "server",
    main: serverMain,
    env: { ...env("server"), DOWNBEAT_PORT: String(ports.server) },
  });
  const isReady = (port: number) => async () => (await ask(`http://127.0.0.1:${port}/readyz`)) !== undefined;
  expect(await until(isReady(ports.engine), 60_000), processes.lastLines("engine")).toBe(true);
  expect(await until(isReady(ports.server), 60_000), processes.lastLines("server")).toBe(true);

  const problems: string[] = [];
  const log = openPulsarWebSocketLog({
    serviceUrl: broker.webSocketUrl,
    ...place,
    token: tokenOf("flights"),
  });
  const flights = worker({
    log,
    workflows: [trip],
    build: "1",
    jobs: [handle(bookFlight, () => ({ booked: true }))],
    onProblem: (problem) => problems.push(problem),
  });
  const booking = client({ log, actor: "flights" });
  onTestFinished(async () => {
    await booking.close();
    await flights.stop();
    await log.close();
  });
  await flights.ready;
  const run = await booking.start(trip, undefined, { runId: "trip-1" });
  expect(await run.result()).toEqual({ booked: true });
  const shown = `http://127.0.0.1:${ports.server}/trpc/${place.tenant}/${place.namespace}/runs.get?input=${encodeURIComponent('{"runId":"trip-1"}')}`;
  const isShown = async () => ((await ask(shown)) ?? "").includes('"status":"completed"');
  expect(await until(isShown, 60_000), processes.lastLines("server")).toBe(true);
  expect(problems).toEqual([]);

  const may = async (role: string, what: Promise<unknown>) =>
    expect(what, role).rejects.toMatchObject({ code: "unauthorized" });
  const consumer = { subscription: "engine", type: "Failover", onMessage: () => {} } as const;
  const workers = { subscription: "workers", type: "Shared", onMessage: () => {} } as const;
  await may("flights", log.openProducer("history-partition-0"));
  await may("flights", log.openConsumer("inbox-partition-0", consumer));
  await may("flights", log.openConsumer("jobs-bookHotel", workers));
  await may("flights", log.openProducer("audit"));
  const asServer = openPulsarWebSocketLog({
    serviceUrl: broker.webSocketUrl,
    ...place,
    token: tokenOf("server"),
  });
  onTestFinished(() => asServer.close());
  await may("server", asServer.openProducer("history-partition-0"));
  await may("server", asServer.openProducer("jobs-bookFlight"));
  const printed = ["engine", "server"].map((name) => processes.lastLines(name, 1_000)).join("");
  expect(printed).not.toMatch(/may not do that/);
});
