import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Cluster, type SetupLine, setUp, type Wanted } from "../src/setup/index.ts";
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

async function run(wanted: Partial<Wanted>, dryRun = false): Promise<SetupLine[]> {
  const lines: SetupLine[] = [];
  for await (const line of setUp(cluster, { tenant: "t", namespace: "n", ...wanted }, { dryRun }))
    if (line.what.startsWith("permissions")) lines.push(line);
  return lines;
}

/** What was granted, as `where role: actions`. */
function grants(): string[] {
  return fake.writes.flatMap(({ path, body }) => {
    const [at, role] = path.split("/permissions/");
    return role === undefined
      ? []
      : [`${at?.replace("persistent/t/n/", "")} ${role}: ${Object.values(Object(body)).join("+")}`];
  });
}

const permit = (at: string, permissions: Readonly<Record<string, readonly string[]>>) =>
  fake.values.set(`${at}/permissions`, permissions);

describe("Permissions", () => {
  test("are nobody's business where nobody says as whom processes sign in", async () => {
    expect(await run({})).toEqual([]);
    expect(grants()).toEqual([]);
  });

  test("let engines do everything, servers everything but writing history, and workers what is theirs", async () => {
    const lines = await run({
      jobTypes: ["bookFlight"],
      workflows: ["tour"],
      builds: ["1"],
      engineRoles: ["engine"],
      serverRoles: ["server"],
      workerRoles: ["flights"],
    });
    expect(lines.map(({ what, outcome }) => `${outcome} ${what}`)).toEqual([
      'made permissions of "engine"',
      'made permissions of "server"',
      'made permissions of "flights"',
    ]);
    const given = grants();
    expect(given).toContain("namespaces/t/n engine: produce+consume");
    expect(given).toContain("namespaces/t/n server: consume");
    expect(given.filter((grant) => grant.includes("history"))).toEqual(["history flights: consume"]);
    expect(given.filter((grant) => grant.includes("flights"))).toEqual([
      "inbox flights: produce",
      "quarantine flights: produce",
      "workers flights: produce",
      "workflows flights: produce",
      "history flights: consume",
      "called-off flights: consume",
      "jobs-bookFlight flights: consume",
      "decisions-tour flights: consume",
      expect.stringMatching(/^decisions-tour\.\d+ flights: consume$/),
    ]);
    expect(given).toContain("audit server: produce");
    expect(given.some((grant) => /^(timers|called-off|jobs-|decisions-).* server/.test(grant))).toBe(false);
  });

  test("that are there are left alone, and others of a role stay", async () => {
    permit("namespaces/t/n", { engine: ["produce", "consume", "functions"] });
    permit("persistent/t/n/inbox", { flights: ["consume", "functions"], engine: ["produce"] });
    const lines = await run({ engineRoles: ["engine"], workerRoles: ["flights"] });
    expect(lines[0]).toMatchObject({ what: 'permissions of "engine"', outcome: "exists" });
    expect(grants()).toContain("inbox flights: consume+functions+produce");
    expect(lines[1]).toMatchObject({
      outcome: "made",
      why: expect.stringContaining("take commands from engines"),
    });
  });

  test("of the namespace are not written down for its topics", async () => {
    permit("namespaces/t/n", { server: ["consume"] });
    permit("persistent/t/n/inbox", { server: ["consume"] });
    await run({ serverRoles: ["server"] });
    expect(grants()).toContain("inbox server: produce");
  });

  test.each([
    ["namespaces/t/n", "server", { serverRoles: ["server"] }],
    ["persistent/t/n/history", "flights", { workerRoles: ["flights"] }],
  ])("at %s that let %s write history are said, and stay", async (at, role, roles) => {
    await run(roles);
    const all = Object.fromEntries(
      fake.writes.flatMap(({ path, body }) => {
        const [place, who] = path.split("/permissions/");
        return who === role ? [[place, body]] : [];
      }),
    );
    for (const [place, body] of Object.entries(all)) permit(String(place), { [role]: Object(body) });
    permit(at, { [role]: ["produce", "consume"] });
    permit("persistent/t/n/history", { [role]: ["produce", "consume"] });
    const before = grants().length;
    const [line] = await run(roles);
    expect(line).toMatchObject({ outcome: "kept", why: expect.stringContaining("write to history") });
    expect(grants()).toHaveLength(before);
  });

  test.each([
    ["approvals", "write to approvals"],
    ["audit", "write to the audit"],
  ])("to write to %s are the servers', and said of workers who have them", async (topic, why) => {
    permit(`persistent/t/n/${topic}`, { flights: ["produce"], server: ["produce"], engine: ["produce"] });
    const lines = await run({ engineRoles: ["engine"], serverRoles: ["server"], workerRoles: ["flights"] });
    expect(lines.map((line) => line.why)).toEqual([
      undefined,
      undefined,
      `may also ${why}: revoke that with pulsar-admin (docs/pulsar.md)`,
    ]);
    expect(grants().some((grant) => grant.startsWith(`${topic} flights`))).toBe(false);
  });

  test("of the whole namespace are all said that workers should not have", async () => {
    permit("namespaces/t/n", { flights: ["produce", "consume"] });
    for (const topic of ["history", "inbox", "approvals", "audit"])
      permit(`persistent/t/n/${topic}`, { flights: ["produce", "consume"] });
    const [line] = await run({ workerRoles: ["flights"] });
    const [before] = line?.why?.split(":") ?? [];
    expect(before).toMatch(/^may also /);
    for (const what of [
      "write to history",
      "take commands from engines",
      "write to approvals",
      "write to the audit",
    ])
      expect(before).toContain(what);
  });

  test("of a role with letters of its own are asked for by its name", async () => {
    await run({ engineRoles: ["team a/engine"] });
    expect(grants()).toEqual(["namespaces/t/n team%20a%2Fengine: produce+consume"]);
  });

  test("in a dry run are said and not given", async () => {
    const [line] = await run({ engineRoles: ["engine"] }, true);
    expect(line).toMatchObject({ outcome: "wouldMake", wanted: "produce and consume in the namespace" });
    expect(grants()).toEqual([]);
  });

  test("that the credentials don't reach are said so", async () => {
    fake.refuse = (_, path) => (path.endsWith("/permissions") ? { status: 403 } : undefined);
    expect(await run({ engineRoles: ["engine"], workerRoles: ["flights"] })).toMatchObject([
      { outcome: "unseen" },
      { outcome: "unseen" },
    ]);
  });
});
