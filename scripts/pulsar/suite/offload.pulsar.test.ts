import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCluster, setUp } from "@downbeat/cluster/setup";
import type { MessageLog } from "@downbeat/message-log";
import { parseHistoryRecord } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { heldBy, startServer } from "../../../apps/server/test/stack.ts";
import { syntheticHistory } from "../../../packages/read-model/src/test/synthetic-history.ts";
import { freePorts, until } from "../../lib/processes.ts";
import { unpacked } from "../artifact.ts";
import { type Broker, offloadStorage, openBroker } from "../broker.ts";
import { distributionOf, wantedVersion } from "../distribution.ts";
import { output } from "../output.ts";
import { openSql, type SqlServer } from "../sql.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 });

const place = { tenant: "public", namespace: "offloaded" };
const topic = "history-partition-0";
const perLedger = 100;
// All ended long before the hot window, so that a server which has read them lets their events go at once.
const scenarioOf = (run: number) => (run % 7 === 0 ? "compensated" : "completed");
const history = [...syntheticHistory({ runs: 200, from: 0, to: 3_600_000, batch: 2, scenarioOf })];
const records = history.length;
const runId = "trip-1000042";

const say = (line: string) => console.log(line);
const folder = mkdtempSync(join(tmpdir(), "downbeat-offload-"));
const segments = join(folder, "segments");
let broker: Broker;
let sql: SqlServer;
let log: MessageLog;

beforeAll(async () => {
  const { sql: port, ...ports } = await freePorts("web", "broker", "zookeeper", "bookkeeper", "sql");
  const settings = {
    managedLedgerMinLedgerRolloverTimeMinutes: "0",
    managedLedgerMaxEntriesPerLedger: String(perLedger),
  };
  broker = await openBroker({ ports, dataDir: join(folder, "broker"), offload: segments, settings, say });
  sql = await openSql({
    port,
    pulsarAdmin: broker.adminUrl,
    zookeeper: broker.zookeeper,
    dataDir: join(folder, "sql"),
    offload: segments,
    say,
  });
  await Promise.all([broker.start(), sql.start()]);
  log = openPulsarWebSocketLog({ serviceUrl: broker.webSocketUrl, ...place });
});

afterAll(async () => {
  await log?.close();
  await sql?.stop();
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const stats = z.object({
  ledgers: z.array(z.object({ ledgerId: z.number(), entries: z.number(), offloaded: z.boolean() })),
});

/** The ids of all that BookKeeper holds, as ZooKeeper has them; the broker's own answer may be of before. */
async function heldByBookKeeper(): Promise<Set<number>> {
  const program = join(await unpacked(distributionOf(wantedVersion()), say), "bin", "pulsar");
  const paths = await output(program, [
    "zookeeper-shell",
    "-server",
    broker.zookeeper,
    "ls",
    "-R",
    "/ledgers",
  ]);
  return new Set(
    Array.from(paths.matchAll(/^\/ledgers\/(\d+)\/(\d+)\/L(\d+)$/gm), ([, ...parts]) =>
      Number(parts.join("")),
    ),
  );
}

async function admin(method: string, path: string, body?: unknown): Promise<string> {
  const at = `${broker.adminUrl}/admin/v2/persistent/public/offloaded/${topic}/${path}`;
  const headers = { "content-type": "application/json" };
  const answer = await fetch(at, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text;
}

async function ledgers(): Promise<z.output<typeof stats>["ledgers"]> {
  return stats.parse(JSON.parse(await admin("GET", "internalStats"))).ledgers;
}

/** What is known now of the ledgers that were known then. */
async function known(then: Awaited<ReturnType<typeof ledgers>>): ReturnType<typeof ledgers> {
  const ids = new Set(then.map(({ ledgerId }) => ledgerId));
  const now = (await ledgers()).filter(({ ledgerId }) => ids.has(ledgerId));
  expect(now).toHaveLength(then.length);
  return now;
}

/** Closes the segment that is written to, and empties the broker's cache. */
async function unload(): Promise<void> {
  await admin("PUT", "unload");
  await until(async () => (await ledgers().catch(() => [])).length > 0, 60_000);
}

/** The ids of the records that a reader from the beginning gets, once as many are there as are expected. */
async function read(): Promise<string[]> {
  const ids: string[] = [];
  const reader = await log.openReader(topic, {
    from: "earliest",
    onMessage: ({ payload }) => {
      ids.push(z.object({ id: z.string() }).parse(JSON.parse(Buffer.from(payload).toString())).id);
    },
  });
  await until(() => ids.length >= records, 60_000);
  await reader.close();
  return ids;
}

const page = z.object({
  nextUri: z.string().optional(),
  data: z.array(z.array(z.unknown())).optional(),
  error: z.object({ message: z.string() }).optional(),
});

async function query(text: string): Promise<unknown[][]> {
  const signal = AbortSignal.timeout(60_000);
  const rows: unknown[][] = [];
  let answer = await fetch(`${sql.url}/v1/statement`, {
    method: "POST",
    body: text,
    headers: { "x-trino-user": "test" },
    signal,
  });
  for (;;) {
    const { nextUri, data = [], error } = page.parse(await answer.json());
    if (error !== undefined) throw new Error(error.message);
    rows.push(...data);
    if (nextUri === undefined) return rows;
    answer = await fetch(nextUri, { signal });
  }
}

const count = `SELECT count(*), count(DISTINCT id) FROM pulsar."public/offloaded".history WHERE __partition__ = 0`;

/** What the server shows on the run's page once its own copy of the events is gone, and where it has that from. */
async function shown(
  env: Record<string, string>,
): Promise<{ events: unknown[]; source: string | undefined }> {
  const namespace = `${place.tenant}/${place.namespace}`;
  await using server = await startServer({
    DOWNBEAT_LOG_URL: broker.webSocketUrl,
    DOWNBEAT_NAMESPACE: place.namespace,
    ...env,
  });
  const isCold = async () => {
    if (!(await fetch(`${server.url}/readyz/reads`)).ok) return false;
    const { runs, steps } = heldBy(server, namespace);
    return runs > 0 && steps === 0;
  };
  expect(await until(isCold, 90_000), server.output()).toBe(true);
  const page = await server.apiOf(namespace).runs.events.query({ runId, limit: 500 });
  return { events: page.events.map(({ event }) => event), source: page.freshness.sources?.[1]?.source };
}

test("segments that are gone from BookKeeper are read from the folder: by readers, Pulsar SQL and the run's page", async () => {
  const cluster = openCluster({ serviceUrl: broker.webSocketUrl });
  const offload = { thresholdBytes: 0, deletionLagMs: 0, storage: await offloadStorage(segments, say) };
  const lines = [];
  for await (const line of setUp(cluster, { ...place, partitions: 1, offload })) lines.push(line);
  cluster.close();
  expect(lines.find(({ what }) => what === "offload")).toMatchObject({ outcome: "made" });

  const producer = await log.openProducer(topic);
  await Promise.all(history.map(({ payload }) => producer.send({ payload })));
  await producer.close();

  await unload();
  const written = (await ledgers()).filter(({ entries }) => entries > 0);
  expect(written.length).toBeGreaterThanOrEqual(4);
  const open = (await ledgers()).at(-1)?.ledgerId;
  const areMoved = async () => {
    // Refused while the topic is being loaded, and while one is under way already.
    await admin("PUT", "offload", { ledgerId: open, entryId: 0, partitionIndex: -1 }).catch(() => {});
    return (await known(written)).every(({ offloaded }) => offloaded);
  };
  const state = async () => `${await admin("GET", "offload")} ${JSON.stringify(await ledgers())}`;
  expect(await until(areMoved, 60_000, 500), await state()).toBe(true);
  expect(readdirSync(segments).length).toBeGreaterThan(0);

  const held = async () => {
    const all = await heldByBookKeeper();
    expect(all.has(open ?? 0)).toBe(true);
    return written.filter(({ ledgerId }) => all.has(ledgerId)).length;
  };
  await admin("POST", "trim");
  const areDeleted = async () => (await held()) === 0;
  expect(await until(areDeleted, 60_000, 500), await state()).toBe(true);

  await unload();
  const ids = await read();
  expect([ids.length, new Set(ids).size]).toEqual([records, records]);
  expect(await query(count)).toEqual([[records, records]]);
  const events = history
    .flatMap(({ payload }) => parseHistoryRecord(payload) ?? [])
    .flatMap((record) => (record.kind === "decisions" ? record.decisions : []))
    .filter((decision) => decision.runId === runId)
    .flatMap((decision) => decision.events);
  expect(events.length).toBeGreaterThan(5);
  expect(await shown({ DOWNBEAT_PULSAR_SQL: sql.url })).toEqual({ events, source: "Pulsar SQL" });
  // Events leave in rounds of a tenth of it, a minute at most.
  const soon = { DOWNBEAT_HOT_WINDOW: "10s" };
  expect(await shown(soon)).toEqual({ events, source: "the log" });
});
