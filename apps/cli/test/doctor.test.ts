import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { setUp } from "../../../packages/cluster/src/setup/index.ts";
import { FakeCluster } from "../../../packages/cluster/test/fake-cluster.ts";

const main = join(import.meta.dirname, "../src/main.ts");

test("the doctor prints what it found, what that means and how to mend it, and fails on errors only", async () => {
  const fake = await FakeCluster.start();
  const cluster = fake.open();
  const doctor = async (...args: string[]) => {
    const command = [
      main,
      "doctor",
      "--pulsar-admin",
      fake.url,
      "--tenant",
      "t",
      "--namespace",
      "n",
      ...args,
    ];
    const child = spawn(process.execPath, command, { stdio: "pipe" });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { status: await ended, out, err };
  };
  try {
    for await (const _ of setUp(cluster, { tenant: "t", namespace: "n" }));
    expect(await doctor()).toEqual({ status: 0, out: "Everything is as Downbeat needs it.\n", err: "" });

    const folder = mkdtempSync(join(tmpdir(), "downbeat-doctor-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const access = join(folder, "access.json");
    const roles = [{ role: "admin", who: "everyone" }];
    const rules = { accounts: "accounts.json", roles, secondPerson: [{ terminate: true, in: ["t/*"] }] };
    writeFileSync(access, JSON.stringify(rules), { mode: 0o600 });
    expect((await doctor("--access", access)).out).toMatch(
      /^can't be seen second-person-engines: Terminating/,
    );
    const told = await doctor("--access", access, "--second-person", "complete");
    expect(told).toMatchObject({ status: 0, out: expect.stringContaining("warning second-person-differs") });
    expect((await doctor("--second-person", "everything")).status).toBe(2);

    fake.values.set("namespaces/t/n/messageTTL", 86_400);
    const warned = await doctor();
    expect(warned).toMatchObject({ status: 0, err: "" });
    expect(warned.out).toMatch(
      /^warning time-to-live: messages live 86400 s .*\n {2}means {2}.*\n {2}mend {3}pulsar-admin .*\n\nDownbeat runs on it\.\n$/,
    );

    fake.values.set("namespaces/t/n/deduplication", false);
    const failed = await doctor("--json");
    expect(failed).toMatchObject({ status: 1, err: "t/n does not suit Downbeat: 1 error.\n" });
    const { findings } = JSON.parse(failed.out);
    expect(findings.map(({ id, severity }: { id: string; severity: string }) => [id, severity])).toEqual([
      ["deduplication-off", "error"],
      ["time-to-live", "warning"],
    ]);
  } finally {
    cluster.close();
    await fake.stop();
  }
});
