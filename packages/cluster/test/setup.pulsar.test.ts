import { until } from "@downbeat/message-log/testing";
import { historySchema } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import {
  type Cluster,
  openCluster,
  prepare,
  type SetupLine,
  setUp,
  type Wanted,
} from "../src/setup/index.ts";
import "../../pulsar/test/provided.ts";

const wanted: Wanted = {
  tenant: `setup-${Date.now().toString(36)}`,
  namespace: "bookings",
  partitions: 2,
  jobTypes: ["bookFlight"],
};
const path = `${wanted.tenant}/${wanted.namespace}`;
const adminUrl = () => inject("pulsar").replace(/^ws/, "http");
let cluster: Cluster;
beforeAll(() => {
  cluster = openCluster({ serviceUrl: inject("pulsar") });
});
afterAll(() => cluster.close());

async function run(more: Partial<Wanted> = {}, dryRun = false): Promise<SetupLine[]> {
  const lines: SetupLine[] = [];
  for await (const line of setUp(cluster, { ...wanted, ...more }, { dryRun })) lines.push(line);
  return lines;
}

async function admin(at: string): Promise<unknown> {
  const answer = await fetch(`${adminUrl()}/admin/v2/${at}`);
  const text = await answer.text();
  return !answer.ok ? answer.status : text === "" ? undefined : JSON.parse(text);
}

test("a dry run makes nothing, not even the tenant", async () => {
  const lines = await run({}, true);
  expect(new Set(lines.map(({ outcome }) => outcome))).toEqual(new Set(["wouldMake", "exists"]));
  expect(await admin(`tenants/${wanted.tenant}`)).toBe(404);
});

test("the first run makes everything, the second finds it so", async () => {
  const made = await run();
  expect(new Set(made.map(({ outcome }) => outcome))).toEqual(new Set(["made", "exists"]));
  const again = await run();
  expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(["exists"]));
  expect(await admin(`persistent/${path}/inbox/partitions`)).toMatchObject({ partitions: 2 });
  expect(await admin(`persistent/${path}/history/retention`)).toEqual({
    retentionTimeInMinutes: -1,
    retentionSizeInMB: -1,
  });
  expect(await admin(`persistent/${path}/inbox/retention`)).toBeUndefined();
  expect(await admin(`namespaces/${path}/deduplication`)).toBe(true);
  for (const partition of [0, 1])
    expect(await admin(`persistent/${path}/inbox-partition-${partition}/subscriptions`)).toEqual(["engine"]);
  expect(await admin(`persistent/${path}/jobs-bookFlight/subscriptions`)).toEqual(["workers"]);
});

test("another number of partitions is refused, and nothing changes", async () => {
  const lines = await run({ partitions: 3 });
  expect(
    lines.filter(({ outcome }) => outcome !== "exists").map(({ what, outcome }) => `${outcome} ${what}`),
  ).toEqual(["differs topic history", "differs topic inbox"]);
  expect(await admin(`persistent/${path}/inbox/partitions`)).toMatchObject({ partitions: 2 });
});

test("a message sent before any consumer connected reaches the subscription that was made for it", async () => {
  const log = openPulsarWebSocketLog({ serviceUrl: inject("pulsar"), ...wanted });
  const producer = await log.openProducer("jobs-bookFlight");
  await producer.send({ payload: Buffer.from("early") });
  const received: string[] = [];
  await log.openConsumer("jobs-bookFlight", {
    subscription: "workers",
    type: "Shared",
    // On a new subscription it would begin after the message.
    initialPosition: "latest",
    onMessage: ({ payload }) => received.push(Buffer.from(payload).toString()),
  });
  await until("it came", () => received.length === 1);
  expect(received).toEqual(["early"]);
  await log.close();
});

test("history takes WebSocket producers with its schema registered, and readers read what they sent", async () => {
  expect(await admin(`schemas/${path}/history/schema`)).toMatchObject({
    type: "JSON",
    data: JSON.stringify(historySchema),
  });
  const log = openPulsarWebSocketLog({ serviceUrl: inject("pulsar"), ...wanted });
  const producer = await log.openProducer("history-partition-0", { producerName: "p", initialSequenceId: 0 });
  const record = JSON.stringify({ kind: "claim", id: "c1", epoch: 1, owner: "test", at: 1 });
  await producer.send({ payload: Buffer.from(record) });
  const read: string[] = [];
  const onMessage = ({ payload }: { payload: Uint8Array }) => void read.push(Buffer.from(payload).toString());
  await log.openReader("history-partition-0", { from: "earliest", onMessage });
  await until("it is read", () => read.length === 1);
  expect(read).toEqual([record]);
  await log.close();
});

test("an enforced schema would refuse them; set-up switches it off again", async () => {
  const put = (value: boolean) =>
    fetch(`${adminUrl()}/admin/v2/namespaces/${path}/schemaValidationEnforced`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: String(value),
    });
  await put(true);
  const log = openPulsarWebSocketLog({ serviceUrl: inject("pulsar"), ...wanted });
  await until("it is in force", () =>
    log.openProducer("history-partition-1").then(
      (producer) => producer.close().then(() => false),
      () => true,
    ),
  );
  const changed = (await run()).filter(({ outcome }) => outcome === "changed");
  expect(changed.map(({ what }) => what)).toEqual(["enforced schema validation"]);
  await until("producers are taken again", () =>
    log.openProducer("history-partition-1").then(
      () => true,
      () => false,
    ),
  );
  await log.close();
});

test("a time-to-live shorter than a delay keeps the engine from starting, and set-up mends it", async () => {
  const at = `${adminUrl()}/admin/v2/namespaces/${path}/messageTTL`;
  await fetch(at, { method: "POST", headers: { "content-type": "application/json" }, body: "1800" });
  await expect(prepare(cluster, wanted)).rejects.toThrow(/live 1800 s \(time-to-live\)/);
  const changed = (await run()).filter(({ outcome }) => outcome === "changed");
  expect(changed.map(({ what }) => what)).toEqual(["message time-to-live"]);
  expect(await prepare(cluster, wanted)).toBe(2);
});
