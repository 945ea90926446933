import { historySchema, singleTopics } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Cluster,
  NoBrokerError,
  type SetupLine,
  setUp,
  type Wanted,
  withWorkerSubscriptions,
} from "../src/setup/index.ts";
import { FakeCluster } from "./fake-cluster.ts";

let fake: FakeCluster;
let cluster: Cluster;
beforeEach(async () => {
  fake = await FakeCluster.start();
  cluster = fake.open("secret");
});
afterEach(async () => {
  cluster.close();
  await fake.stop();
});

const isOfTheServer = (path: string) => path.includes("downbeat-bulk");

const place = { tenant: "t", namespace: "n" };

async function run(wanted: Partial<Wanted> = {}, dryRun = false): Promise<SetupLine[]> {
  const lines: SetupLine[] = [];
  for await (const line of setUp(cluster, { ...place, ...wanted }, { dryRun })) lines.push(line);
  return lines;
}

function lineOf(lines: readonly SetupLine[], what: string): SetupLine | undefined {
  return lines.find((line) => line.what === what);
}

describe("Set-up", () => {
  test("makes on an empty cluster everything that is needed, with the token", async () => {
    const lines = await run({ partitions: 2, jobTypes: ["bookFlight"] });
    expect(lines.filter(({ outcome }) => outcome !== "made")).toEqual([
      { what: "enforced schema validation", outcome: "exists", found: "off" },
    ]);
    const writes = fake.writes.filter(({ path }) => !isOfTheServer(path));
    expect(writes.map(({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)}`)).toEqual([
      'PUT tenants/t {"adminRoles":[],"allowedClusters":["standalone","far"]}',
      "PUT namespaces/t/n undefined",
      "POST namespaces/t/n/deduplication true",
      'POST namespaces/t/n/inactiveTopicPolicies {"inactiveTopicDeleteMode":"delete_when_no_subscriptions","maxInactiveDurationSeconds":3600,"deleteWhileInactive":false}',
      "POST namespaces/t/n/messageTTL 0",
      "PUT persistent/t/n/history/partitions 2",
      "PUT persistent/t/n/timers undefined",
      "PUT persistent/t/n/called-off undefined",
      "PUT persistent/t/n/quarantine undefined",
      "PUT persistent/t/n/saved-queries undefined",
      "PUT persistent/t/n/cause-marks undefined",
      "PUT persistent/t/n/quarantine-marks undefined",
      "PUT persistent/t/n/saved-views undefined",
      "PUT persistent/t/n/goals undefined",
      "PUT persistent/t/n/boards undefined",
      "PUT persistent/t/n/alerts undefined",
      "PUT persistent/t/n/approvals undefined",
      "PUT persistent/t/n/audit undefined",
      "PUT persistent/t/n/workers undefined",
      "PUT persistent/t/n/workflows undefined",
      "PUT persistent/t/n/jobs-bookFlight undefined",
      'POST persistent/t/n/history/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
      'POST persistent/t/n/quarantine/retention {"retentionTimeInMinutes":43200,"retentionSizeInMB":-1}',
      'POST persistent/t/n/saved-queries/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
      'POST persistent/t/n/cause-marks/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
      'POST persistent/t/n/quarantine-marks/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
      'POST persistent/t/n/saved-views/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
      'POST persistent/t/n/goals/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
      'POST persistent/t/n/boards/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
      'POST persistent/t/n/alerts/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
      'POST persistent/t/n/approvals/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
      'POST persistent/t/n/audit/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
      'POST persistent/t/n/workers/retention {"retentionTimeInMinutes":60,"retentionSizeInMB":-1}',
      'POST persistent/t/n/workflows/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}',
      `POST schemas/t/n/history/schema ${JSON.stringify({ type: "JSON", schema: JSON.stringify(historySchema), properties: {} })}`,
      "PUT persistent/t/n/inbox/partitions 2",
      'PUT persistent/t/n/inbox/subscription/engine {"ledgerId":-1,"entryId":-1,"partitionIndex":-1}',
      'PUT persistent/t/n/timers/subscription/timers {"ledgerId":-1,"entryId":-1,"partitionIndex":-1}',
      'PUT persistent/t/n/jobs-bookFlight/subscription/workers {"ledgerId":-1,"entryId":-1,"partitionIndex":-1}',
    ]);
    expect(fake.tokens).toEqual(new Set(["Bearer secret"]));
  });

  test("makes what the server's own workflow needs, whose topics nobody would name", async () => {
    await run();
    expect(fake.writes.map(({ path }) => path).filter(isOfTheServer)).toEqual([
      "persistent/t/n/jobs-downbeat-bulk-list",
      "persistent/t/n/jobs-downbeat-bulk-act",
      "persistent/t/n/jobs-downbeat-bulk-look",
      "persistent/t/n/decisions-downbeat-bulk",
      "persistent/t/n/jobs-downbeat-bulk-list/subscription/workers",
      "persistent/t/n/jobs-downbeat-bulk-act/subscription/workers",
      "persistent/t/n/jobs-downbeat-bulk-look/subscription/workers",
      "persistent/t/n/decisions-downbeat-bulk/subscription/deciders",
    ]);
  });

  test("writes nothing the second time, and leaves the number of partitions as it was", async () => {
    await run({ partitions: 2 });
    const before = fake.writes.length;
    const again = await run();
    expect(fake.writes.length).toBe(before);
    expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(["exists"]));
    expect(lineOf(again, "topic history")?.found).toBe("2 partitions");
  });

  test("writes nothing in a dry run, and says what it would", async () => {
    const lines = await run({}, true);
    expect(fake.writes).toEqual([]);
    expect(lineOf(lines, "topic history")).toEqual({
      what: "topic history",
      outcome: "wouldMake",
      wanted: "4 partitions",
    });
    expect(lines.filter(({ outcome }) => outcome === "made")).toEqual([]);
  });

  test("does not touch topics with another number of partitions, and says why", async () => {
    await run({ partitions: 2 });
    const lines = await run({ partitions: 3 });
    expect(lineOf(lines, "topic inbox")).toMatchObject({
      outcome: "differs",
      found: "2 partitions",
      wanted: "3 partitions",
    });
    expect(lineOf(lines, "topic inbox")?.why).toContain("modulo the number of partitions");
    expect(fake.values.get("persistent/t/n/inbox/partitions")).toEqual({ partitions: 2 });
  });

  test("refuses a topic of this name without partitions", async () => {
    fake.values.set("persistent/t/n", ["persistent://t/n/history"]);
    expect(lineOf(await run(), "topic history")).toMatchObject({
      outcome: "differs",
      found: "no partitions",
    });
  });

  test("keeps a retention that somebody chose, until it is asked for; none is never kept", async () => {
    await run();
    const at = "persistent/t/n/history/retention";
    fake.values.set(at, { retentionTimeInMinutes: 10_080, retentionSizeInMB: 2_048 });
    expect(lineOf(await run(), "retention of history")).toMatchObject({
      outcome: "kept",
      found: "7 days, at most 2 GB",
      why: "not unlimited, and not asked for here; a run that is open for longer loses its beginning, and is set aside",
    });
    const asked = await run({ historyRetention: { minutes: 129_600, megabytes: -1 } });
    expect(lineOf(asked, "retention of history")).toMatchObject({
      outcome: "changed",
      wanted: "90 days",
      why: "a run that is open for longer loses its beginning, and is set aside",
    });
    expect(fake.values.get(at)).toEqual({ retentionTimeInMinutes: 129_600, retentionSizeInMB: -1 });
    fake.values.set(at, { retentionTimeInMinutes: 0, retentionSizeInMB: 0 });
    expect(lineOf(await run(), "retention of history")).toMatchObject({
      outcome: "changed",
      wanted: "unlimited",
    });
  });

  test("sets the namespace's retention where the broker lets topics have none", async () => {
    fake.refuse = (_, path) =>
      path.startsWith("persistent/") && path.endsWith("/retention") ? { status: 405 } : undefined;
    await run();
    expect(fake.values.get("namespaces/t/n/retention")).toEqual({
      retentionTimeInMinutes: -1,
      retentionSizeInMB: -1,
    });
  });

  test("mends what would lose messages or refuse them", async () => {
    await run();
    fake.values.set("namespaces/t/n/deduplication", false);
    fake.values.set("namespaces/t/n/messageTTL", 600);
    fake.values.set("namespaces/t/n/schemaValidationEnforced", true);
    const changed = (await run()).filter(({ outcome }) => outcome === "changed");
    expect(changed.map(({ what, found }) => `${what}: ${found}`)).toEqual([
      "deduplication: off",
      "message time-to-live: 600 s",
      "enforced schema validation: on",
    ]);
  });

  test("registers this release's schema over an older one, and says when the cluster does not take it", async () => {
    await run();
    const old = { version: 3, type: "JSON", data: '{"type":"record","name":"HistoryRecord","fields":[]}' };
    fake.values.set("schemas/t/n/history/schema", old);
    expect(lineOf(await run(), "schema of history")).toMatchObject({
      outcome: "changed",
      found: "JSON, version 3, with other fields",
    });
    fake.values.set("schemas/t/n/history/schema", old);
    fake.refuse = (method, path) =>
      method === "POST" && path.startsWith("schemas/")
        ? { status: 409, body: '{"reason":"incompatible"}' }
        : undefined;
    expect(lineOf(await run(), "schema of history")).toMatchObject({
      outcome: "differs",
      why: "POST schemas/t/n/history/schema: the log answered 409 (incompatible).",
    });
  });

  test("takes what another engine makes at the same moment for made", async () => {
    fake.refuse = (method, path) => {
      if (method !== "PUT") return undefined;
      if (path.endsWith("/subscription/engine"))
        return { status: 412, body: '{"reason":"Failed for Subscription Busy: engine"}' };
      return path.endsWith("/subscription/timers") ? { status: 409, body: '{"reason":"exists"}' } : undefined;
    };
    const lines = await run();
    expect(lineOf(lines, "subscription engine of inbox")).toMatchObject({ outcome: "made" });
    expect(lineOf(lines, "subscription timers of timers")).toMatchObject({ outcome: "made" });
  });

  test("subscribes workers to the topics of jobs and questions that are there already", async () => {
    await run();
    fake.values.set(
      "persistent/t/n",
      [...singleTopics, "jobs-a", "jobs-b-partition-0", "decisions-trip", "decisions-trip.17"].map(
        (topic) => `persistent://t/n/${topic}`,
      ),
    );
    const made = (await run()).filter(({ outcome }) => outcome === "made");
    expect(made.map(({ what }) => what).filter((what) => !isOfTheServer(what))).toEqual([
      "subscription workers of jobs-a",
      "subscription workers of jobs-b",
      "subscription deciders of decisions-trip",
      "subscription deciders of decisions-trip.17",
    ]);
  });

  test("takes the tenant as there where only a superuser may look", async () => {
    fake.refuse = (_, path) => (path.startsWith("tenants/") ? { status: 403 } : undefined);
    const lines = await run();
    expect(lines[0]).toMatchObject({ what: "tenant t", outcome: "unseen" });
    expect(lineOf(lines, "topic history")?.outcome).toBe("made");
  });

  test("ends with a sentence when the token is refused", async () => {
    fake.refuse = () => ({ status: 401, body: '{"reason":"Unable to authenticate"}' });
    await expect(run()).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringMatching(
        /^GET brokers\/version: the log doesn.t take the token, and it is no JSON Web Token/,
      ),
    });
  });

  test("takes nothing else for a broker", async () => {
    fake.values.set("brokers/version", { name: "something else" });
    await expect(run()).rejects.toThrow(NoBrokerError);
    fake.values.delete("brokers/version");
    await expect(run()).rejects.toThrow(/is not the admin service of a Pulsar broker/);
    await fake.stop();
    await expect(run()).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("Offload", () => {
  const offload = { thresholdBytes: 1_000, deletionLagMs: 5_000 };

  test("goes where the broker is set to", async () => {
    fake.values.set("brokers/configuration/runtime", {
      managedLedgerOffloadDriver: "filesystem",
      fileSystemURI: "file:///o",
      fileSystemProfilePath: "/o.xml",
    });
    expect(lineOf(await run({ offload }), "offload")?.outcome).toBe("made");
    expect(fake.values.get("persistent/t/n/history/offloadPolicies")).toEqual({
      managedLedgerOffloadDriver: "filesystem",
      managedLedgerOffloadThresholdInBytes: 1_000,
      managedLedgerOffloadDeletionLagInMillis: 5_000,
      fileSystemURI: "file:///o",
      fileSystemProfilePath: "/o.xml",
    });
    expect(lineOf(await run({ offload }), "offload")?.outcome).toBe("exists");
    const changed = await run({ offload: { ...offload, thresholdBytes: 0 } });
    expect(lineOf(changed, "offload")).toMatchObject({
      outcome: "changed",
      found: "managedLedgerOffloadThresholdInBytes 1000",
    });
  });

  test("needs to be told where when the broker is set to nothing", async () => {
    expect(lineOf(await run({ offload }), "offload")).toMatchObject({
      outcome: "differs",
      why: "the broker is set to no offload driver: say where segments go with --offload-driver",
    });
    expect(fake.values.has("persistent/t/n/history/offloadPolicies")).toBe(false);
  });

  test("goes to a bucket of one's own", async () => {
    const storage = { driver: "aws-s3", bucket: "b", endpoint: "http://minio:9000" } as const;
    await run({ offload: { ...offload, storage } });
    expect(fake.values.get("persistent/t/n/history/offloadPolicies")).toMatchObject({
      managedLedgerOffloadDriver: "aws-s3",
      s3ManagedLedgerOffloadBucket: "b",
      s3ManagedLedgerOffloadServiceEndpoint: "http://minio:9000",
    });
  });
});

describe("Replication", () => {
  test("takes history and quarantine to other clusters, and nothing else", async () => {
    await run({ replicateTo: ["far"] });
    const replicated = fake.writes.filter(({ path }) => path.endsWith("/replication"));
    expect(replicated).toEqual([
      { method: "POST", path: "persistent/t/n/history/replication", body: ["standalone", "far"] },
      { method: "POST", path: "persistent/t/n/quarantine/replication", body: ["standalone", "far"] },
      { method: "POST", path: "persistent/t/n/saved-queries/replication", body: ["standalone", "far"] },
      { method: "POST", path: "persistent/t/n/cause-marks/replication", body: ["standalone", "far"] },
      { method: "POST", path: "persistent/t/n/quarantine-marks/replication", body: ["standalone", "far"] },
      { method: "POST", path: "persistent/t/n/saved-views/replication", body: ["standalone", "far"] },
      { method: "POST", path: "persistent/t/n/goals/replication", body: ["standalone", "far"] },
      { method: "POST", path: "persistent/t/n/boards/replication", body: ["standalone", "far"] },
      { method: "POST", path: "persistent/t/n/alerts/replication", body: ["standalone", "far"] },
      { method: "POST", path: "persistent/t/n/approvals/replication", body: ["standalone", "far"] },
      { method: "POST", path: "persistent/t/n/audit/replication", body: ["standalone", "far"] },
    ]);
    expect(lineOf(await run({ replicateTo: ["far"] }), "replication of history")?.outcome).toBe("exists");
    expect(lineOf(await run({ replicateTo: [] }), "replication of history")?.outcome).toBe("changed");
    expect(fake.values.has("persistent/t/n/history/replication")).toBe(false);
  });

  test("lets a tenant use the other cluster", async () => {
    fake.values.set("tenants/t", { adminRoles: ["ada"], allowedClusters: ["standalone"] });
    expect(lineOf(await run({ replicateTo: ["far"] }), "tenant t")?.outcome).toBe("changed");
    expect(fake.values.get("tenants/t")).toEqual({
      adminRoles: ["ada"],
      allowedClusters: ["standalone", "far"],
    });
  });

  test.each([true, false])("to a cluster that is not known is refused, dry run %s", async (dryRun) => {
    await expect(run({ replicateTo: ["far", "oslo"] }, dryRun)).rejects.toThrow(
      /^History can't be replicated to oslo: the cluster knows standalone, far only\. .*clusters create oslo /,
    );
    expect(fake.writes).toEqual([]);
  });

  test.each([
    [
      "by its settings",
      () => fake.values.set("brokers/configuration/runtime", { clusterName: "standalone" }),
    ],
    ["by its namespace", () => fake.values.set("namespaces/t/n/replication", ["standalone"])],
    ["as the only one", () => fake.values.set("clusters", ["standalone"])],
  ])("to the cluster itself, known %s, is refused", async (_, arrange) => {
    arrange();
    await expect(run({ replicateTo: ["standalone"] }, true)).rejects.toThrow(
      "History can't be replicated to standalone: that is this cluster itself.",
    );
  });

  test("goes where it is told when the token may not see which clusters there are", async () => {
    fake.refuse = (_, path) => (/^(clusters|tenants)/.test(path) ? { status: 403 } : undefined);
    expect(lineOf(await run({ replicateTo: ["oslo"] }), "replication of history")?.outcome).toBe("made");
  });

  test("that leads nowhere is taken away when none is asked for", async () => {
    await run();
    fake.values.set("persistent/t/n/history/replication", ["standalone"]);
    expect(lineOf(await run({ replicateTo: [] }), "replication of history")).toMatchObject({
      outcome: "changed",
      found: "to itself",
    });
    expect(lineOf(await run({ replicateTo: [] }), "replication of history")?.outcome).toBe("exists");
  });

  test("is refused where the whole namespace is replicated, the inbox with it", async () => {
    await run();
    fake.values.set("namespaces/t/n/replication", ["standalone", "far"]);
    expect(lineOf(await run({ replicateTo: ["far"] }), "replication")?.outcome).toBe("differs");
  });
});

test("a job topic has its workers' subscription before the first attempt is sent there", async () => {
  const log = openPulsarWebSocketLog({ serviceUrl: fake.url.replace("http", "ws"), adminUrl: fake.url });
  const wrapped = withWorkerSubscriptions(log, cluster, "t/n");
  // The fake takes no sessions: what counts is what was made before one was asked for.
  for (let time = 0; time < 2; time += 1) await wrapped.openProducer("jobs-a").catch(() => {});
  await wrapped.openProducer("timers").catch(() => {});
  await log.close();
  expect(fake.writes.map(({ path }) => path)).toEqual([
    "persistent/t/n/jobs-a",
    "persistent/t/n/jobs-a/subscription/workers",
  ]);
});

describe("A topic that was terminated", () => {
  beforeEach(async () => {
    await run({ jobTypes: ["pay"] });
    fake.values.set("persistent/t/n/jobs-pay/internalStats", { state: "Terminated" });
    fake.writes.length = 0;
  });

  test("is made again, also where nobody named its job type", async () => {
    expect(lineOf(await run(), "topic jobs-pay")).toMatchObject({ outcome: "changed", found: "terminated" });
    expect(fake.writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "DELETE persistent/t/n/jobs-pay",
      "PUT persistent/t/n/jobs-pay",
    ]);
  });

  test("is left while something waits in it", async () => {
    const subscriptions = { workers: { msgBacklog: 3 } };
    fake.values.set("persistent/t/n/jobs-pay/stats", { subscriptions });
    expect(lineOf(await run({ jobTypes: ["pay"] }), "topic jobs-pay")).toMatchObject({
      outcome: "differs",
      found: "terminated, with 3 messages that wait",
    });
    expect(fake.writes).toEqual([]);
  });
});
