import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageLog } from "@downbeat/message-log";
import { encodeHistoryRecord } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { openCluster, setUp } from "@downbeat/pulsar/setup";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { freePorts, until } from "../../lib/processes.ts";
import { type Broker, offloadStorage, openBroker } from "../broker.ts";
import { openSql, type SqlServer } from "../sql.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 600_000 });

const place = { tenant: "public", namespace: "offloaded" };
const topic = "history-partition-0";
const perLedger = 500;
const records = 4 * perLedger;

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

/** Closes the segment that is written to, and empties the broker's cache. */
async function unload(): Promise<void> {
  await admin("PUT", "unload");
  await until(async () => (await ledgers().catch(() => [])).length > 0, 60_000);
}

/** The ids of the records that a reader from the beginning gets, once as many are there as are expected or nothing comes any more. */
async function read(): Promise<string[]> {
  const ids: string[] = [];
  let last = Date.now();
  const reader = await log.openReader(topic, {
    from: "earliest",
    onMessage: ({ payload }) => {
      ids.push(z.object({ id: z.string() }).parse(JSON.parse(Buffer.from(payload).toString())).id);
      last = Date.now();
    },
  });
  await until(() => ids.length >= records || Date.now() - last > 10_000, 60_000);
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

test("segments that were moved to the folder are read by readers and by Pulsar SQL", async () => {
  const cluster = openCluster({ serviceUrl: broker.webSocketUrl });
  const offload = {
    thresholdBytes: 0,
    deletionLagMs: 1_000,
    storage: await offloadStorage(segments, say),
  };
  const lines = [];
  for await (const line of setUp(cluster, { ...place, partitions: 1, offload })) lines.push(line);
  cluster.close();
  expect(lines.find(({ what }) => what === "offload")).toMatchObject({ outcome: "made" });

  const producer = await log.openProducer(topic);
  for (let start = 0; start < records; start += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const id = `r${start + index}`;
        return producer.send({
          payload: encodeHistoryRecord({
            kind: "claim",
            id,
            epoch: start + index + 1,
            owner: "test",
            at: start,
          }),
        });
      }),
    );
  await producer.close();

  await unload();
  const closed = (await ledgers()).filter(({ entries }) => entries > 0);
  expect(closed.length).toBeGreaterThanOrEqual(4);
  const isOffloaded = async () => {
    const known = await ledgers();
    return closed.every(
      ({ ledgerId }) => known.find((ledger) => ledger.ledgerId === ledgerId)?.offloaded === true,
    );
  };
  const open = (await ledgers()).at(-1)?.ledgerId;
  const offloads = await until(
    async () => {
      // Refused while the topic is being loaded, and while one is under way already.
      await admin("PUT", "offload", { ledgerId: open, entryId: 0, partitionIndex: -1 }).catch(() => {});
      return isOffloaded();
    },
    60_000,
    1_000,
  );
  expect(offloads, `${await admin("GET", "offload")} ${JSON.stringify(await ledgers())}`).toBe(true);
  expect(readdirSync(segments).length).toBeGreaterThan(0);

  await unload();
  const ids = await read();
  expect([ids.length, new Set(ids).size]).toEqual([records, records]);
  expect(await query(count)).toEqual([[records, records]]);
});

test("without the folder neither reads them, so they were read there", async () => {
  renameSync(segments, `${segments}-away`);
  await unload();
  await expect(query(count)).rejects.toThrow();
  expect((await read()).length).toBe(0);
  renameSync(`${segments}-away`, segments);
  await unload();
  expect(await query(count)).toEqual([[records, records]]);
  expect((await read()).length).toBe(records);
});
