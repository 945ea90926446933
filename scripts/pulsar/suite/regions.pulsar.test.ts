import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCluster, type SetupLine, setUp } from "@downbeat/cluster/setup";
import { Engine, MemoryStateStore, systemClock } from "@downbeat/engine";
import type { MessageLog } from "@downbeat/message-log";
import { encodeSavedQueryMessage, parseSavedQueryMessage, topics } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { type Client, client } from "@downbeat/sdk/client";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { benchWorker } from "../../../apps/travel/src/bench-worker.ts";
import { benchBooking, benchWait } from "../../../apps/travel/src/bench-workflow.ts";
import { foldHistory } from "../../lib/history-check.ts";
import { freePorts, until } from "../../lib/processes.ts";
import { type Broker, openBroker } from "../broker.ts";
import { ids, owning, waits } from "./in-process.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const place = { tenant: "travel", namespace: "bookings", partitions: 2 };
const folder = mkdtempSync(join(tmpdir(), "downbeat-regions-"));

class Region {
  readonly broker: Broker;
  readonly log: MessageLog;
  readonly client: Client;

  static async start(name: string): Promise<Region> {
    const broker = await openBroker({
      ports: await freePorts("web", "broker", "zookeeper", "bookkeeper"),
      dataDir: join(folder, name),
      settings: { clusterName: name },
      say: (line) => console.log(line),
    });
    await broker.start();
    return new Region(broker);
  }

  private constructor(broker: Broker) {
    this.broker = broker;
    this.log = openPulsarWebSocketLog({ serviceUrl: broker.webSocketUrl, ...place });
    this.client = client({ log: this.log, actor: "regions", answerWithin: "1 minute" });
  }

  async setUp(replicateTo?: readonly string[]): Promise<SetupLine[]> {
    const cluster = openCluster({ serviceUrl: this.broker.webSocketUrl });
    const wanted = { ...place, ...(replicateTo !== undefined && { replicateTo }) };
    const lines: SetupLine[] = [];
    for await (const line of setUp(cluster, wanted)) lines.push(line);
    cluster.close();
    return lines;
  }

  /** Lets it know another one by name. */
  async meet(name: string, { broker }: Region): Promise<void> {
    const answer = await fetch(`${this.broker.adminUrl}/admin/v2/clusters/${name}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ serviceUrl: broker.adminUrl, brokerServiceUrl: broker.brokerUrl }),
    });
    expect(answer.ok, await answer.text()).toBe(true);
  }

  startEngine(owner: string, { handOverAgain = false } = {}): Engine {
    const engine = new Engine({
      log: this.log,
      decisions: inProcessDecisions([benchBooking, benchWait, waits]),
      partitions: place.partitions,
      owner,
      clock: systemClock,
      wallClock: Date.now,
      store: () => new MemoryStateStore(),
      tickMs: 1_000,
      handOverAgain,
    });
    engine.start();
    return engine;
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.log.close();
    await this.broker.stop();
  }
}

let paris: Region;
let oslo: Region;

beforeAll(async () => {
  [paris, oslo] = await Promise.all([Region.start("paris"), Region.start("oslo")]);
  await paris.meet("oslo", oslo);
  await oslo.meet("paris", paris);
});

afterAll(async () => {
  await Promise.all([paris?.stop(), oslo?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

test("a region that has a copy of history goes on with the runs of the one that is gone", async () => {
  await oslo.setUp();
  const copied = (await paris.setUp(["oslo"])).filter(({ what }) => what.startsWith("replication"));
  expect(copied.map(({ what, outcome }) => `${what}: ${outcome}`)).toEqual([
    "replication of history: made",
    "replication of quarantine: made",
    "replication of saved-queries: made",
    "replication of cause-marks: made",
    "replication of quarantine-marks: made",
    "replication of saved-views: made",
    "replication of goals: made",
    "replication of boards: made",
    "replication of alerts: made",
    "replication of approvals: made",
    "replication of audit: made",
  ]);

  const query = {
    type: "saved",
    id: "q1",
    name: "Trips",
    source: "sql",
    sql: "SELECT 1",
    by: "Ada",
    at: 1,
  } as const;
  const queries = await paris.log.openProducer(topics.savedQueries);
  await queries.send({ payload: encodeSavedQueryMessage(query), key: query.id });
  await queries.close();

  const first = paris.startEngine("paris-engine");
  const worker = benchWorker({ log: paris.log, onProblem: () => {} });
  await owning(first);
  const booked = ids("booked", 30);
  for (const runId of booked) {
    const run = await paris.client.start(benchBooking, { tripId: runId, amountCents: 1 }, { runId });
    expect(await run.result()).toEqual({ id: runId });
  }
  await worker.stop();
  const [undone, waiting, asleep] = [ids("undone", 10), ids("waiting", 10), ids("asleep", 10)];
  for (const runId of undone)
    await paris.client.start(benchBooking, { tripId: runId, amountCents: 1 }, { runId });
  for (const runId of waiting) await paris.client.start(waits, undefined, { runId });
  const due = Date.now() + 10_000;
  for (const runId of asleep) await paris.client.start(benchWait, { until: due }, { runId });
  await first.stop();

  const there = await foldHistory(paris.log);
  const isCopied = async () => (await foldHistory(oslo.log)).counted === there.counted;
  expect(await until(isCopied, 60_000, 500)).toBe(true);
  const copy = await foldHistory(oslo.log);
  expect([...copy.runs.keys()].toSorted()).toEqual([...there.runs.keys()].toSorted());
  for (let partition = 0; partition < place.partitions; partition++)
    expect(await oslo.log.lastPosition(topics.inbox(partition))).toBeUndefined();
  expect(await oslo.log.lastPosition(topics.timers)).toBeUndefined();
  const saved: unknown[] = [];
  const reader = await oslo.log.openReader(topics.savedQueries, {
    from: "earliest",
    onMessage: ({ payload }) => void saved.push(parseSavedQueryMessage(payload)),
  });
  expect(await until(() => saved.length > 0, 30_000)).toBe(true);
  expect(saved).toEqual([query]);
  await reader.close();

  await paris.setUp([]);
  const second = oslo.startEngine("oslo-engine", { handOverAgain: true });
  const other = benchWorker({ log: oslo.log, onProblem: () => {} });
  await owning(second);
  for (const runId of waiting) await oslo.client.run(runId).signal("go");
  const all = [...booked, ...undone, ...waiting, ...asleep];
  const over = async () => {
    const { runs } = await foldHistory(oslo.log);
    return all.filter((runId) => runs.get(runId)?.state.status === "completed").length;
  };
  await until(async () => (await over()) === all.length, 60_000, 500);
  expect(await over()).toBe(all.length);
  const fold = await foldHistory(oslo.log);
  expect(fold.violations).toEqual([]);
  for (const runId of all) expect(fold.runs.get(runId)?.terminalEvents, runId).toBe(1);
  await other.stop();
  await second.stop();

  // An engine in paris that comes back late, with the link up again: what it says does not count in oslo.
  await paris.setUp(["oslo"]);
  const late = paris.startEngine("paris-engine");
  await owning(late);
  await paris.client.start(waits, undefined, { runId: "late-1" });
  const arrived = async () => (await foldHistory(oslo.log)).ignored > 0;
  expect(await until(arrived, 30_000, 500)).toBe(true);
  await late.stop();
  const after = await foldHistory(oslo.log);
  expect(after.counted).toBe(fold.counted);
  expect(after.violations).toEqual([]);
});
