import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecordKeys } from "@downbeat/protocol";
import { expect, onTestFinished, test, vi } from "vitest";
import { forgeHistory } from "../../server/test/forge-history.ts";
import { openEngineering, type RunningServer, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 240_000 });

function keysFile(): string {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-keys-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, "keys.json");
}

test("a key is made, another one is added that checks first and signs when it is told to, and no secret is shown", async () => {
  const file = keysFile();
  const made = await downbeat(["keys", "new", file, "--id", "k1"]);
  expect(made).toMatchObject({ status: 0, out: "k1\n", err: expect.stringContaining("which signs") });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const added = await downbeat(["keys", "new", file, "--id", "k2"]);
  expect(added).toMatchObject({ status: 0, err: expect.stringContaining(`downbeat keys sign ${file} k2`) });
  expect(readRecordKeys(file)).toMatchObject({ ids: ["k1", "k2"], signingId: "k1" });
  const listed = await downbeat(["keys", "list", file, "--json"]);
  expect(JSON.parse(listed.out)).toEqual({
    unsigned: "untilSigned",
    keys: [
      { id: "k1", signs: true },
      { id: "k2", signs: false },
    ],
  });
  expect((await downbeat(["keys", "sign", file, "k2"])).status).toBe(0);
  expect(readRecordKeys(file)).toMatchObject({ ids: ["k1", "k2"], signingId: "k2" });
  const text = (await downbeat(["keys", "list", file])).out;
  expect(text).toMatch(/k1 +checks\n.*k2 +signs/s);
  const { keys } = JSON.parse(readFileSync(file, "utf8")) as { keys: { secret: string }[] };
  for (const { secret } of keys)
    for (const { out, err } of [made, added, listed]) expect(out + err).not.toContain(secret);

  expect(await downbeat(["keys", "sign", file, "k9"])).toMatchObject({
    status: 3,
    err: expect.stringContaining("There is no key k9"),
  });
  expect(await downbeat(["keys", "new", file, "--id", "k1"])).toMatchObject({
    status: 2,
    err: expect.stringContaining("two keys have one id"),
  });
  expect(await downbeat(["keys", "new", file, "--id", "k.3"])).toMatchObject({ status: 2 });
  expect(await downbeat(["keys", "list", join(file, "none")])).toMatchObject({
    status: 2,
    err: expect.stringContaining("can't be used"),
  });
  expect(readRecordKeys(file).ids).toEqual(["k1", "k2"]);
});

test("with keys a forged record is left out, said, and hurts nobody; without them it is believed", async () => {
  const file = keysFile();
  await downbeat(["keys", "new", file, "--id", "k1"]);
  await using engineering = await openEngineering(["public/default"], { keys: readRecordKeys(file) });
  const env = { DOWNBEAT_LOG_URL: engineering.url };
  await using server = await startServer({ ...env, DOWNBEAT_RECORD_KEYS_FILE: file });
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  const start = (runId: string) => server.api.runs.start.mutate({ workflow: "trip", runId, input: "{}" });
  const statusOf = (runId: string, { api }: RunningServer = server) =>
    api.runs.get.query({ runId }).then(
      ({ status }) => status,
      () => "unknown",
    );
  await start("t-1");
  await until(async () => (await statusOf("t-1")) === "completed");

  const ghost = [{ type: "RunStarted", workflow: "trip", input: "{}" }];
  await forgeHistory(engineering.log, { runId: "ghost", seq: 1, events: ghost });
  const others = ["t-2", "t-3", "t-4", "t-5"];
  for (const runId of others) await start(runId);
  for (const runId of others) await until(async () => (await statusOf(runId)) === "completed");
  expect(await statusOf("ghost")).toBe("unknown");
  const { out } = await downbeat(["quarantine", "list", "--url", server.url]);
  expect(out).toContain("It is not signed, as the records before it are.");

  const verify = (...args: string[]) => downbeat(["verify", "--pulsar", engineering.url, ...args]);
  const checked = await verify("--record-keys", file);
  expect(checked).toMatchObject({ status: 1, err: expect.stringContaining("1 problem") });
  expect(checked.out).toMatch(/Signed records: \d+ by k1 \(checked\)\./);
  expect(checked.out).toContain("it is not signed, as the records before it are");
  expect((await verify()).out).toMatch(/by k1 \(not checked: name the file of keys with --record-keys\)/);

  await using unchecked = await startServer(env);
  await until(async () => (await statusOf("ghost", unchecked)) === "running");
});

test("a server says what is wrong with its file of keys, and doesn't start", async () => {
  const file = keysFile();
  await expect(
    startServer({ DOWNBEAT_LOG_URL: "ws://127.0.0.1:1", DOWNBEAT_RECORD_KEYS_FILE: file }),
  ).rejects.toThrow(/The record keys in .* can't be used: ENOENT/);
});
