import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { examine, type Finding } from "../src/doctor/index.ts";
import { type Cluster, setUp } from "../src/setup/index.ts";
import { FakeCluster } from "./fake-cluster.ts";

const place = { tenant: "t", namespace: "n" };
const good = {
  webSocketServiceEnabled: "true",
  webSocketSessionIdleTimeoutMillis: "10000",
  webSocketMaxTextFrameSize: "1048576",
  bookkeeperExplicitLacIntervalInMills: "500",
  bookkeeperUseV2WireProtocol: "false",
  managedLedgerNewEntriesCheckDelayInMillis: "0",
  delayedDeliveryEnabled: "true",
  delayedDeliveryMaxDelayInMillis: "0",
  managedLedgerOffloadDriver: "",
};

let fake: FakeCluster;
let cluster: Cluster;
beforeEach(async () => {
  fake = await FakeCluster.start();
  fake.values.set("brokers/configuration/runtime", good);
  cluster = fake.open();
  for await (const _ of setUp(cluster, { ...place, partitions: 2 }));
  fake.writes.length = 0;
});
afterEach(async () => {
  expect(fake.writes, "the doctor changes nothing").toEqual([]);
  cluster.close();
  await fake.stop();
});

async function found(
  more: {
    readonly partitions?: number;
    readonly pulsarSql?: string;
    readonly engineRoles?: readonly string[];
  } = {},
): Promise<string[]> {
  const findings: readonly Finding[] = await examine(cluster, { ...place, ...more });
  for (const { found, means, mend } of findings) expect([found, means, mend]).not.toContain("");
  return findings.map(({ id, severity }) => `${severity} ${id}`);
}

test("a namespace that was set up on a broker set as ours is has no finding", async () => {
  expect(await found({ partitions: 2 })).toEqual([]);
});

describe("Of the broker's settings", () => {
  test.each([
    ["webSocketServiceEnabled", "false", "error websocket-off"],
    ["webSocketMaxTextFrameSize", "65536", "error websocket-frame-small"],
    ["webSocketSessionIdleTimeoutMillis", "300000", "warning websocket-idle-long"],
    ["bookkeeperExplicitLacIntervalInMills", "0", "warning explicit-lac-missing"],
    ["bookkeeperUseV2WireProtocol", "true", "warning bookkeeper-v2-protocol"],
    ["managedLedgerNewEntriesCheckDelayInMillis", "10", "warning new-entries-delay"],
    ["delayedDeliveryEnabled", "false", "error delayed-delivery-off"],
    ["delayedDeliveryMaxDelayInMillis", "60000", "error delayed-delivery-short"],
    ["isSchemaValidationEnforced", "true", "error schema-enforced-by-broker"],
  ])("%s=%s is a finding", async (setting, value, finding) => {
    fake.values.set("brokers/configuration/runtime", { ...good, [setting]: value });
    expect(await found()).toEqual([finding]);
  });

  test("those that the token may not see are said to be unseen", async () => {
    fake.refuse = (_, path) => (path.startsWith("brokers/configuration") ? { status: 403 } : undefined);
    expect(await found()).toEqual(["unseen broker-settings-unseen"]);
  });

  test("an old version is a finding", async () => {
    fake.values.set("brokers/version", "3.0.1");
    expect(await found()).toEqual(["warning broker-old"]);
  });
});

describe("Of the namespace", () => {
  test.each<[string, unknown, string]>([
    ["namespaces/t/n/deduplication", false, "error deduplication-off"],
    ["namespaces/t/n/messageTTL", 3_600, "error time-to-live-short"],
    ["namespaces/t/n/messageTTL", 86_400, "warning time-to-live"],
    ["namespaces/t/n/delayedDelivery", { active: false }, "error delayed-delivery-of-namespace"],
    [
      "namespaces/t/n/backlogQuotaMap",
      { destination_storage: { limitSize: 1, policy: "consumer_backlog_eviction" } },
      "error backlog-evicts",
    ],
    [
      "namespaces/t/n/backlogQuotaMap",
      { destination_storage: { limitSize: 10_000_000_000, policy: "producer_exception" } },
      "warning backlog-blocks",
    ],
    [
      "persistent/t/n/history/retention",
      { retentionTimeInMinutes: 0, retentionSizeInMB: 0 },
      "error retention-missing-history",
    ],
    [
      "persistent/t/n/history/retention",
      { retentionTimeInMinutes: 1_440, retentionSizeInMB: -1 },
      "error retention-limited",
    ],
    [
      "namespaces/t/n/inactiveTopicPolicies",
      { deleteWhileInactive: true },
      "warning inactive-topics-deleted",
    ],
    ["namespaces/t/n/schemaValidationEnforced", true, "error schema-enforced"],
    ["namespaces/t/n/replication", ["standalone", "far"], "error inbox-replicated"],
    [
      "namespaces/t/n/offloadPolicies",
      { managedLedgerOffloadThresholdInBytes: 0 },
      "error offload-without-driver",
    ],
    ["schemas/t/n/history/schema", { version: 1, type: "JSON", data: "{}" }, "warning schema-other"],
    ["persistent/t/n/history/replication", ["standalone"], "warning replication-to-itself"],
    ["persistent/t/n/timers/subscriptions", [], "warning subscriptions-missing"],
    ["persistent/t/n/inbox/partitions", { partitions: 3 }, "error partitions-differ"],
  ])("%s as %j is a finding", async (path, value, finding) => {
    fake.values.set(path, value);
    expect(await found()).toEqual([finding]);
  });

  test("one that is not set up, and another number of partitions than was meant, are findings", async () => {
    expect(await found({ partitions: 8 })).toEqual(["error partitions-other"]);
    fake.values.delete("persistent/t/n/inbox/partitions");
    fake.values.delete("schemas/t/n/history/schema");
    expect(await found()).toEqual(["error topics-missing", "warning schema-missing"]);
  });
});

test("a namespace or a tenant that is not there is said to be missing, and nothing else of it", async () => {
  fake.values.delete("namespaces/t/n");
  expect(await found()).toEqual(["error namespace-missing"]);
  fake.values.delete("tenants/t");
  expect(await found()).toEqual(["error tenant-missing"]);
});

test("a tenant and a namespace that the token may not look at are taken as there", async () => {
  fake.values.delete("tenants/t");
  fake.values.delete("namespaces/t/n");
  fake.refuse = (_, path) =>
    path === "tenants/t" || path === "namespaces/t/n" ? { status: 403 } : undefined;
  expect(await found()).toEqual([]);
});

test("an offload driver that the broker does not have is a finding with the broker's reason", async () => {
  fake.values.set("persistent/t/n/history/offloadPolicies", { managedLedgerOffloadDriver: "aws-s3" });
  expect(await found()).toEqual([]);
  const reason =
    "\n --- An unexpected error occurred in the server ---\n\nMessage: No offloader found for driver 'aws-s3'.\n\nStacktrace:\n\nat a.b.C";
  fake.refuse = (_, path) =>
    path.endsWith("/stats") ? { status: 500, body: JSON.stringify({ reason }) } : undefined;
  expect(await found()).toEqual(["error offload-driver-fails"]);
  expect((await examine(cluster, place))[0]?.found).toMatch(
    /by the driver aws-s3: .* answered 500 \(No offloader found for driver 'aws-s3'\)\.$/,
  );
});

test("every topic that is missing is named", async () => {
  fake.values.set("persistent/t/n", ["persistent://t/n/timers"]);
  const findings = await examine(cluster, place);
  expect(findings.find(({ id }) => id === "topics-missing")?.found).toBe(
    "there is no topic called-off, quarantine, saved-queries, cause-marks, quarantine-marks, saved-views, goals, boards, alerts, approvals, audit, workers, workflows",
  );
});

test("Pulsar SQL that does not answer is a finding, and makes a missing schema an error", async () => {
  fake.values.delete("schemas/t/n/history/schema");
  expect(await found({ pulsarSql: "http://127.0.0.1:1" })).toEqual([
    "error schema-missing",
    "error sql-unreachable",
  ]);
});

describe("Of commands that wait", () => {
  const inbox = (oldest: number, consumers: readonly string[]) => ({
    subscriptions: {
      engine: {
        type: "Failover",
        msgBacklog: 12,
        earliestMsgPublishTimeInBacklog: oldest,
        consumers: consumers.map((consumerName) => ({ consumerName })),
      },
    },
  });
  const path = "persistent/t/n/inbox-partition-1/stats";
  const finding = async () => (await examine(cluster, place)).find(({ id }) => id === "commands-undecided");

  test("those of a moment ago are none", async () => {
    fake.values.set(path, inbox(Date.now() - 5_000, []));
    expect(await finding()).toBeUndefined();
  });

  test("those that nobody decides are a finding, with who is there", async () => {
    fake.values.set(path, inbox(Date.now() - 185_000, ["engine-a"]));
    expect(await finding()).toMatchObject({
      severity: "warning",
      found: "12 messages wait in the inbox of partition 1, the oldest for 3 min; connected there: engine-a",
    });
    fake.values.set(path, inbox(Date.now() - 185_000, []));
    expect(await finding()).toMatchObject({
      found:
        "12 messages wait in the inbox of partition 1, the oldest for 3 min; no engine is connected there",
      mend: "start an engine on this namespace",
    });
  });
});

test("a backlog quota that deduplication alone may fill is found, by what the broker is set to keep for it", async () => {
  const quotaOf = (limitSize: number) =>
    fake.values.set("namespaces/t/n/backlogQuotaMap", {
      destination_storage: { limitSize, policy: "producer_request_hold" },
    });
  const both = ["warning backlog-blocks", "warning backlog-below-deduplication"];
  quotaOf(786_431_999);
  expect(await found()).toEqual(both);
  quotaOf(786_432_000);
  expect(await found()).toEqual(both.slice(0, 1));
  quotaOf(-1);
  expect(await found()).toEqual(both.slice(0, 1));
  quotaOf(100_000_000);
  fake.values.set("brokers/configuration/runtime", {
    ...(fake.values.get("brokers/configuration/runtime") as object),
    brokerDeduplicationEntriesInterval: "100",
  });
  expect(await found()).toEqual(both.slice(0, 1));
});

describe("Of topics that are there", () => {
  test("one that is terminated, and one over its backlog quota, are named with what comes of it", async () => {
    fake.values.set("persistent/t/n", [
      ...(fake.values.get("persistent/t/n") as string[]),
      "persistent://t/n/jobs-pay",
      "persistent://t/n/jobs-fly",
      "persistent://t/n/somebody-elses",
    ]);
    for (const topic of ["jobs-pay", "somebody-elses"])
      fake.values.set(`persistent/t/n/${topic}/internalStats`, { state: "Terminated" });
    const figures = { backlogSize: 24_310, backlogQuotaLimitSize: 10_000 };
    fake.values.set("persistent/t/n/jobs-fly/stats", figures);
    const findings = await examine(cluster, place);
    expect(findings.map(({ id, found }) => `${id} ${found}`)).toEqual([
      "topic-full jobs-fly: the topic takes no more messages: 24 kB wait in it, and its backlog quota is 10 kB",
      "topic-terminated the topic jobs-pay is terminated",
    ]);
  });
});

describe("Of history", () => {
  const first = (partition: number, record: object) =>
    fake.values.set(`persistent/t/n/history-partition-${partition}/examinemessage`, record);

  test("that begins with its first claim nothing is said, nor of one that is empty", async () => {
    first(0, { kind: "claim", id: "c", epoch: 1, owner: "a", at: 1 });
    const reason = '{"reason":"Could not examine messages due to the total message is zero"}';
    fake.refuse = (_, path) =>
      path.endsWith("history-partition-1/examinemessage") ? { status: 412, body: reason } : undefined;
    expect(await found()).toEqual([]);
  });

  test("that begins in the midst it is said which partitions lack their beginning", async () => {
    first(0, { kind: "claim", id: "c", epoch: 7, owner: "a", at: 1 });
    first(1, { kind: "decisions", id: "d", prev: "c", claimId: "c", epoch: 1, at: 1, decisions: [] });
    expect(await found()).toEqual(["warning history-cut"]);
    const [finding] = await examine(cluster, place);
    expect(finding?.found).toBe("history of partitions 0, 1 begins in the midst: what was before is gone");
  });

  test("whose partition was deleted it is said which", async () => {
    fake.refuse = (_, path) => (path.includes("history-partition-1/") ? { status: 404 } : undefined);
    expect(await found()).toEqual(["error partition-deleted"]);
    const [finding] = await examine(cluster, place);
    expect(finding?.found).toBe("there is no topic history-partition-1");
  });
});

describe("Of who may write to history", () => {
  const engineRoles = ["engine", "engine-2"];
  const both = ["produce", "consume"];
  const grant = (at: string, permissions: Readonly<Record<string, readonly string[]>>) =>
    fake.values.set(`${at}/permissions`, permissions);

  test("nothing is asked where nobody says as whom engines sign in", async () => {
    grant("namespaces/t/n", { guest: both });
    expect(await found()).toEqual([]);
  });

  test("nothing is found where engines alone may", async () => {
    grant("namespaces/t/n", { engine: both });
    grant("persistent/t/n/history", { "engine-2": both, server: ["consume"] });
    expect(await found({ engineRoles })).toEqual([]);
  });

  test.each([
    ["namespaces/t/n", "in the whole namespace"],
    ["persistent/t/n/history", "to history"],
    ["persistent/t/n/history-partition-1", "to history-partition-1"],
  ])("another role with permission at %s is found", async (at, where) => {
    grant("namespaces/t/n", { engine: both, "engine-2": both });
    grant(at, { engine: both, "engine-2": both, worker: both });
    expect(await found({ engineRoles })).toEqual(["error history-writers"]);
    const findings = await examine(cluster, { ...place, engineRoles });
    expect(findings[0]?.found).toBe(`others than engines may write to history: "worker" (${where})`);
  });

  test("an engine's role that may not both write and read is found", async () => {
    grant("namespaces/t/n", { engine: both, "engine-2": ["consume"] });
    expect(await found({ engineRoles })).toEqual(["error engine-permissions"]);
  });

  test("where the brokers ask nobody for permission, permissions say nothing", async () => {
    grant("namespaces/t/n", { engine: both, "engine-2": both });
    const runtime = fake.values.get("brokers/configuration/runtime");
    fake.values.set("brokers/configuration/runtime", { ...Object(runtime), authorizationEnabled: "false" });
    expect(await found({ engineRoles })).toContain("error history-writers");
    fake.values.set("brokers/configuration/runtime", { ...Object(runtime), authorizationEnabled: "true" });
    expect(await found({ engineRoles })).not.toContain("error history-writers");
  });

  test("what the credentials don't reach is said", async () => {
    fake.refuse = (_, path) => (path.endsWith("/permissions") ? { status: 403 } : undefined);
    expect(await found({ engineRoles })).toEqual(["unseen history-writers"]);
  });
});
