import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { topics } from "@downbeat/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeCluster } from "../../../packages/cluster/test/fake-cluster.ts";

const main = join(import.meta.dirname, "../src/main.ts");

let fake: FakeCluster;
beforeEach(async () => {
  fake = await FakeCluster.start();
});
afterEach(() => fake.stop());

async function setup(...args: string[]): Promise<{ status: number | null; out: string; err: string }> {
  const command = [main, "setup", "--pulsar-admin", fake.url, "--tenant", "t", "--namespace", "n", ...args];
  const env = { ...process.env, DOWNBEAT_PULSAR_TOKEN: "secret" };
  const child = spawn(process.execPath, command, { stdio: "pipe", env });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await ended, out, err };
}

test("a namespace is set up; a dry run only says so; a second run finds everything", async () => {
  const dry = await setup("--partitions", "2", "--jobs", "bookFlight,bookHotel", "--dry-run");
  expect(dry).toMatchObject({ status: 0, err: "" });
  expect(dry.out).toContain("would make     topic history: 2 partitions\n");
  const would = dry.out.split("\n").filter((line) => line.startsWith("would ")).length;
  expect(would).toBeGreaterThan(30);
  expect(dry.out).toContain(`Nothing was changed; without --dry-run ${would} of these would be.`);
  expect(fake.writes).toEqual([]);

  const made = await setup("--partitions", "2", "--jobs", "bookFlight,bookHotel");
  expect(made).toMatchObject({ status: 0, err: "" });
  expect(made.out).toContain("made           subscription workers of jobs-bookHotel\n");
  expect(fake.tokens).toEqual(new Set(["Bearer secret"]));

  expect((await setup()).out).toContain("Everything is as it should be.");
  const json = JSON.parse((await setup("--json")).out);
  expect(json).toMatchObject({ tenant: "t", namespace: "n", dryRun: false });
  expect(json.items).toContainEqual({ what: "topic history", outcome: "exists", found: "2 partitions" });
});

test("topics of workflows, and of their builds, are made ahead with their subscriptions, where they are named", async () => {
  const own = topics.decisionsOfBuild("trip", "2026-12-01.3");
  const made = await setup("--workflows", "trip", "--builds", "2026-12-01.3");
  expect(made).toMatchObject({ status: 0, err: "" });
  for (const topic of ["decisions-trip", own]) {
    expect(made.out).toContain(`made           topic ${topic}\n`);
    expect(made.out).toContain(`made           subscription deciders of ${topic}\n`);
  }
  expect(await setup("--builds", "1")).toMatchObject({
    status: 2,
    err: "--builds are of workflows: name those with --workflows.\n",
  });
});

test("whoever signs in may what engines, servers or workers need, and nobody is two of them", async () => {
  const made = await setup(
    ...["--jobs", "bookFlight", "--engine-roles", "engine", "--server-roles", "server"],
    ...["--worker-roles", "flights,hotels"],
  );
  expect(made).toMatchObject({ status: 0, err: "" });
  expect(made.out).toContain(
    'made           permissions of "engine": produce and consume in the namespace\n',
  );
  expect(made.out).toMatch(
    /made +permissions of "hotels": produce to inbox, .*consume from .*jobs-bookFlight\n/,
  );
  const given = fake.writes.map(({ path }) => path).filter((path) => path.includes("/permissions/"));
  expect(given).toContain("persistent/t/n/jobs-bookFlight/permissions/flights");
  expect(await setup("--engine-roles", "a,a", "--worker-roles", "b,a")).toMatchObject({
    status: 2,
    err: expect.stringContaining('"a" can\'t be two of engine, server and worker'),
  });
});

test("retention, offload and replication are set as asked", async () => {
  const { status } = await setup(
    ...["--history-retention", "90d", "--history-retention-size", "500GB"],
    ...["--offload-driver", "aws-s3", "--offload-bucket", "b", "--offload-region", "eu-west-1"],
    ...["--offload-threshold", "10GB", "--offload-lag", "1h", "--replicate-to", "far"],
  );
  expect(status).toBe(0);
  expect(fake.values.get("persistent/t/n/history/retention")).toEqual({
    retentionTimeInMinutes: 129_600,
    retentionSizeInMB: 512_000,
  });
  expect(fake.values.get("persistent/t/n/history/offloadPolicies")).toEqual({
    managedLedgerOffloadDriver: "aws-s3",
    managedLedgerOffloadThresholdInBytes: 10 * 1_024 ** 3,
    managedLedgerOffloadDeletionLagInMillis: 3_600_000,
    s3ManagedLedgerOffloadBucket: "b",
    s3ManagedLedgerOffloadRegion: "eu-west-1",
  });
  expect(fake.values.get("persistent/t/n/history/replication")).toEqual(["standalone", "far"]);
});

test("another number of partitions ends it with a failure that names the topics", async () => {
  await setup("--partitions", "2");
  const { status, out, err } = await setup("--partitions", "4");
  expect(status).toBe(1);
  expect(out).toMatch(/^DIFFERS +topic history: 2 partitions, not 4 partitions; a run is found by/m);
  expect(err).toBe("t/n can't be used as it is: topic history, topic inbox.\n");
});

test("each way in which the cluster can't be used has its sentence and its exit status", async () => {
  fake.refuse = () => ({ status: 401, body: '{"reason":"Unable to authenticate"}' });
  expect(await setup()).toMatchObject({
    status: 4,
    err: expect.stringMatching(/^GET brokers\/version: the log (asks who this is|doesn't take the token)/),
  });
  fake.refuse = () => ({ status: 404 });
  expect(await setup()).toMatchObject({
    status: 5,
    err: expect.stringMatching(/^What answers at .* is not the admin service of a Pulsar broker/),
  });
  expect(await setup("--pulsar-admin", "http://127.0.0.1:1")).toMatchObject({
    status: 5,
    err: expect.stringMatching(
      /^The Pulsar admin service at http:\/\/127.0.0.1:1 can't be used: .*--pulsar-admin\.\n$/,
    ),
  });
});

test("a cluster that isn't known can't get a copy, and that is said of a dry run too", async () => {
  for (const args of [["--dry-run"], []])
    expect(await setup("--replicate-to", "oslo", ...args)).toMatchObject({
      status: 2,
      out: "",
      err: expect.stringMatching(/^History can't be replicated to oslo: .*clusters create oslo .*\n$/),
    });
});

test.each([
  [["--pulsar", "http://x"], '--pulsar can\'t be "http://x": give an address such as ws://127.0.0.1:8080.'],
  [
    ["--offload-bucket", "b"],
    "--offload-bucket can't be taken: say which storage it is for with --offload-driver.",
  ],
  [
    ["--offload-driver", "aws-s3"],
    "--offload-driver aws-s3 needs --offload-bucket and one of --offload-region",
  ],
  [["--partitions", "1.5"], "Give a whole number."],
  [["--offload-threshold", "lots"], "Give a size such as 500MB or 10GB."],
  [["--offload-threshold", "99999999999999TB"], "more than can be counted"],
  [["--offload-lag", "99999999999999d"], "more than can be counted"],
  [["--history-retention", "99999999999d"], "Give a duration from 1m to 1491308d, or unlimited."],
  [["--history-retention", "0d"], "Give a duration from 1m to 1491308d, or unlimited."],
  [["--history-retention-size", "99999999999TB"], "than can be counted"],
  [["--history-retention-size", "3000TB"], "Give a size from 1MB to 2047TB, or unlimited."],
  [["--history-retention-size", "0"], "Give a size from 1MB to 2047TB, or unlimited."],
  [["--jobs", "a,b c"], "can't be the name of a job type."],
  [["--workflows", "a b"], "can't be the name of a workflow."],
  [["--tenant", "a/b"], "'a/b' is invalid. Expected letters, digits"],
  [["--namespace", "a:b"], "'a:b' is invalid. Expected letters, digits"],
  [["--token", "a\nb"], "--token (or DOWNBEAT_PULSAR_TOKEN) holds no token: one has no spaces"],
  [["--pulsar-ca", main], "holds no certificate in PEM form."],
  [["--pulsar-ca", "/nowhere"], '--pulsar-ca can\'t be "/nowhere": there is no such file that can be read.'],
])("%j is refused", async (args, sentence) => {
  const { status, err } = await setup(...args);
  expect(status).toBe(2);
  expect(err).toContain(sentence);
  expect(fake.tokens.size).toBe(0);
});
