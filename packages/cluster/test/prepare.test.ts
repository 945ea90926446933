import { afterEach, beforeEach, expect, test } from "vitest";
import { type Cluster, prepare, type SetupLine, setUp } from "../src/setup/index.ts";
import { FakeCluster } from "./fake-cluster.ts";

let fake: FakeCluster;
let cluster: Cluster;
beforeEach(async () => {
  fake = await FakeCluster.start();
  cluster = fake.open();
});
afterEach(async () => {
  cluster.close();
  await fake.stop();
});

const place = { tenant: "t", namespace: "n" };

test("a namespace that is not set up is, and it is said", async () => {
  const lines: SetupLine[] = [];
  let said = 0;
  const options = { onMissing: () => (said += 1), onLine: (line: SetupLine) => lines.push(line) };
  expect(await prepare(cluster, { ...place, partitions: 3 }, options)).toBe(3);
  expect([said, lines.length > 10]).toEqual([1, true]);
});

test("one that is set up is left alone, whatever its number of partitions", async () => {
  for await (const _ of setUp(cluster, { ...place, partitions: 2 }));
  fake.writes.length = 0;
  expect(await prepare(cluster, { ...place, partitions: 8 })).toBe(2);
  expect(fake.writes).toEqual([]);
});

test("one that was half made is completed with the partitions it has", async () => {
  fake.values.set("persistent/t/n/partitioned", ["persistent://t/n/history"]);
  fake.values.set("persistent/t/n/history/partitions", { partitions: 2 });
  expect(await prepare(cluster, { ...place, partitions: 8 })).toBe(2);
});

test("one whose set-up was interrupted is set up to the end", async () => {
  fake.refuse = (_, path) => (path.endsWith("/retention") ? { status: 500 } : undefined);
  await expect(prepare(cluster, place)).rejects.toMatchObject({ code: "unavailable" });
  fake.refuse = () => undefined;
  await prepare(cluster, place);
  expect(fake.values.has("persistent/t/n/history/retention")).toBe(true);
});

test("topics with different numbers of partitions are refused", async () => {
  await prepare(cluster, place);
  fake.values.set("persistent/t/n/inbox/partitions", { partitions: 6 });
  await expect(prepare(cluster, place)).rejects.toThrow(
    "The topics inbox and history of t/n have 6 and 4 partitions, but must have the same number",
  );
});

test("a time-to-live shorter than a timer's delay is refused, a longer one is not", async () => {
  await prepare(cluster, place);
  fake.values.set("persistent/t/n/timers/messageTTL", 3_600);
  await expect(prepare(cluster, place)).rejects.toThrow("Messages of t/n live 3600 s");
  fake.values.set("persistent/t/n/timers/messageTTL", 7_200);
  expect(await prepare(cluster, place)).toBe(4);
  fake.values.delete("persistent/t/n/timers/messageTTL");
  fake.values.set("namespaces/t/n/messageTTL", 60);
  await expect(prepare(cluster, place)).rejects.toThrow("Messages of t/n live 60 s");
});

test("who may not set up is told who may, and who may not even send is told so", async () => {
  fake.refuse = (method) => (method === "GET" ? undefined : { status: 403, body: '{"reason":"no"}' });
  await expect(prepare(cluster, place)).rejects.toThrow(
    /^The namespace t\/n is not set up for Downbeat, and this process may not do it .* npx downbeat setup --tenant t --namespace n$/,
  );
  fake.refuse = () => ({ status: 401 });
  await expect(prepare(cluster, place)).rejects.toThrow(
    /^Its token must let this process send to and receive from the topics of t\/n/,
  );
});
