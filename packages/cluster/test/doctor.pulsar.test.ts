import { until } from "@downbeat/message-log/testing";
import { openPulsarLog } from "@downbeat/pulsar";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { examine } from "../src/doctor/index.ts";
import { type Cluster, openCluster, setUp } from "../src/setup/index.ts";
import "../../pulsar/test/provided.ts";

/** Each is really broken on the broker, found, and mended by what the finding says. */

const place = { tenant: "public", namespace: `doctor-${Date.now().toString(36)}` };
const path = `public/${place.namespace}`;
let cluster: Cluster;
beforeAll(() => {
  cluster = openCluster({ serviceUrl: inject("pulsar") });
});
afterAll(() => cluster.close());

const adminUrl = (at: string) => `${inject("pulsar").replace(/^ws/, "http")}/admin/v2/${at}`;

async function admin(method: string, at: string, body?: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(adminUrl(at), { method, headers, ...text });
  if (!answer.ok) throw new Error(`${method} ${at}: ${answer.status} ${await answer.text()}`);
}

async function found(): Promise<string[]> {
  const findings = await examine(cluster, { ...place, pulsarSql: inject("pulsarSql") });
  // Noted: history has no records here, so that nobody can say whether Pulsar SQL reads them.
  return findings.filter(({ severity }) => severity !== "note").map(({ id }) => id);
}

async function mend(): Promise<void> {
  for await (const _ of setUp(cluster, { ...place, partitions: 2 }));
}

test("a namespace that is not there is said to be missing, and has no finding after set-up; Pulsar SQL knows it then", async () => {
  expect(await found()).toEqual(["namespace-missing", "sql-namespace-missing"]);
  await mend();
  await until("nothing is found", async () => (await found()).length === 0);
});

test.each<[string, string, string, unknown]>([
  ["deduplication-off", "POST", `namespaces/${path}/deduplication`, false],
  ["time-to-live-short", "POST", `namespaces/${path}/messageTTL`, 900],
  ["schema-enforced", "POST", `namespaces/${path}/schemaValidationEnforced`, true],
  ["subscriptions-missing", "DELETE", `persistent/${path}/timers/subscription/timers`, undefined],
  [
    "retention-missing-history",
    "POST",
    `persistent/${path}/history/retention`,
    { retentionTimeInMinutes: 0, retentionSizeInMB: 0 },
  ],
  ["inactive-topics-deleted", "DELETE", `namespaces/${path}/inactiveTopicPolicies`, undefined],
  ["topics-missing", "DELETE", `persistent/${path}/quarantine`, undefined],
  ["schema-missing", "DELETE", `schemas/${path}/history/schema`, undefined],
])("%s is found when it is so, and mended by set-up", async (id, method, at, body) => {
  await admin(method, at, body);
  await until("it is found", async () => (await found()).includes(id));
  await mend();
  await until("nothing is found", async () => (await found()).length === 0);
});

test.each<[string, string, unknown, string, string]>([
  [
    "delayed-delivery-of-namespace",
    `namespaces/${path}/delayedDelivery`,
    { active: false, tickTime: 1_000 },
    "DELETE",
    `namespaces/${path}/delayedDelivery`,
  ],
  [
    "backlog-evicts",
    `namespaces/${path}/backlogQuota`,
    { limitSize: 1_000_000, limitTime: -1, policy: "consumer_backlog_eviction" },
    "DELETE",
    `namespaces/${path}/backlogQuota`,
  ],
  [
    "offload-without-driver",
    `namespaces/${path}/offloadThreshold`,
    1_000,
    "DELETE",
    `namespaces/${path}/removeOffloadPolicies`,
  ],
])("%s is found when it is so, and mended as it says", async (id, at, body, method, mendAt) => {
  await admin(id === "offload-without-driver" ? "PUT" : "POST", at, body);
  await until("it is found", async () => (await found()).includes(id));
  await admin(method, mendAt);
  await until("nothing is found", async () => (await found()).length === 0);
});

test("a topic that is over its backlog quota is found, and is no more once its quota is raised", async () => {
  const quota = `persistent/${path}/timers/backlogQuota`;
  await admin("POST", quota, { limitSize: 10, limitTime: -1, policy: "producer_request_hold" });
  const log = openPulsarLog({ serviceUrl: inject("pulsar"), ...place });
  const producer = await log.openProducer("timers");
  await producer.send({ payload: Buffer.from("more than ten bytes") });
  await log.close();
  await until("it is found", async () => (await found()).includes("topic-full"));
  await admin("DELETE", quota);
  await until("nothing is found", async () => (await found()).length === 0);
});

test("a topic that was terminated is found, and made again by set-up once nothing waits in it", async () => {
  await admin("POST", `persistent/${path}/timers/terminate`);
  await until("it is found", async () => (await found()).includes("topic-terminated"));
  // What was sent to it in the test before still waits.
  await mend();
  expect(await found()).toEqual(["topic-terminated"]);
  await admin("POST", `persistent/${path}/timers/subscription/timers/skip_all`);
  await until("nothing is found", async () => {
    await mend();
    return (await found()).length === 0;
  });
});

test("an offload driver that the broker does not have is found when history is opened again", async () => {
  const policies = `persistent/${path}/history/offloadPolicies`;
  await admin("POST", policies, {
    managedLedgerOffloadDriver: "aws-s3",
    managedLedgerOffloadThresholdInBytes: 1_000,
    s3ManagedLedgerOffloadBucket: "b",
    s3ManagedLedgerOffloadRegion: "eu-west-1",
  });
  await until("it is found", async () => {
    // Refused once the topic can't be opened any more.
    await admin("PUT", `persistent/${path}/history-partition-0/unload`).catch(() => {});
    return (await found()).includes("offload-driver-fails");
  });
  await admin("DELETE", policies);
  await until("nothing is found", async () => (await found()).length === 0);
});
