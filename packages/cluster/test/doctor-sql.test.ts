import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { examine, type Finding } from "../src/doctor/index.ts";
import { type Cluster, setUp } from "../src/setup/index.ts";
import { FakeCluster } from "./fake-cluster.ts";

const place = { tenant: "t", namespace: "n" };

let fake: FakeCluster;
let cluster: Cluster;
let trino: Server;
/** What Trino answers to a statement that begins so: rows of one value, or why there are none. */
let answers: Readonly<Record<string, readonly string[] | { readonly error: string }>>;

beforeEach(async () => {
  fake = await FakeCluster.start();
  cluster = fake.open("secret");
  for await (const _ of setUp(cluster, { ...place, partitions: 2 }));
  fake.values.set("persistent/t/n/history-partition-1/lastMessageId", { ledgerId: 3, entryId: 7 });
  answers = { "SHOW CATALOGS": ["pulsar"], "SHOW SCHEMAS": ["t/n"], SELECT: ["claim"] };
  trino = createServer(async (request, response) => {
    let statement = "";
    for await (const chunk of request) statement += String(chunk);
    const answer = Object.entries(answers).find(([begin]) => statement.startsWith(begin))?.[1] ?? [];
    const page =
      "error" in answer ? { error: { message: answer.error } } : { data: answer.map((value) => [value]) };
    response.end(JSON.stringify(page));
  });
  await new Promise<void>((resolve) => trino.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  cluster.close();
  await fake.stop();
  trino.closeAllConnections();
  await new Promise((resolve) => trino.close(resolve));
});

async function ofSql(): Promise<readonly Finding[]> {
  const pulsarSql = `http://127.0.0.1:${(trino.address() as AddressInfo).port}`;
  return (await examine(cluster, { ...place, pulsarSql })).filter(({ id }) => id.startsWith("sql-"));
}

describe("doctor, asked about Pulsar SQL", () => {
  test("has nothing to say when it reads a record of history", async () => {
    expect(await ofSql()).toEqual([]);
  });

  test("says when it reads none, though it knows the topic: the bookie may be registered where it can't reach it", async () => {
    answers = { ...answers, SELECT: [] };
    expect(await ofSql()).toMatchObject([
      { id: "sql-reads-nothing", severity: "error", mend: expect.stringContaining("advertisedAddress") },
    ]);
    answers = { ...answers, SELECT: { error: "Error while reading ledger" } };
    expect(await ofSql()).toMatchObject([
      { id: "sql-reads-nothing", found: expect.stringContaining("(Error while reading ledger)") },
    ]);
  });

  test("says that nothing is known yet while history is empty", async () => {
    fake.values.delete("persistent/t/n/history-partition-1/lastMessageId");
    expect(await ofSql()).toMatchObject([{ id: "sql-unproven", severity: "note" }]);
  });

  test("says when the catalogue or the namespace is not there", async () => {
    answers = { ...answers, "SHOW SCHEMAS": ["information_schema"] };
    expect(await ofSql()).toMatchObject([{ id: "sql-namespace-missing" }]);
    answers = { ...answers, "SHOW CATALOGS": ["system"] };
    expect(await ofSql()).toMatchObject([{ id: "sql-catalogue-missing" }]);
  });
});
