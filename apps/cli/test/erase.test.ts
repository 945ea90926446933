import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aesCodec, keysFromFile, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

function keyFile(): string {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-keys-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, "payload-keys.json");
}

describe("The file of payload keys", () => {
  test("is made with a key for all, and keys of one's own beside it, without a word of a secret", async () => {
    const file = keyFile();
    const made = await downbeat(["payload-keys", "new", file, "--id", "all-1"]);
    expect(made).toMatchObject({ status: 0, out: "all-1\n" });
    expect(made.err).toContain("Keep a copy of the file");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await downbeat(["payload-keys", "new", file, "--id", "k-1", "--label", "customer=4711"]);
    await downbeat(["payload-keys", "new", file, "--id", "all-2", "--decrypts-only"]);
    const list = async () => (await downbeat(["payload-keys", "list", file])).out;
    expect(await list()).toMatch(/all-1 +encrypts\nk-1 +customer=4711 +encrypts\nall-2 +decrypts\n/);
    await downbeat(["payload-keys", "encrypt", file, "all-2"]);
    expect(await list()).toMatch(/all-1 +decrypts\nk-1 +customer=4711 +encrypts\nall-2 +encrypts\n/);
    const [secret] = /(?<="secret": ")[^"]+/.exec(readFileSync(file, "utf8")) ?? ["no secret"];
    expect(await list()).not.toContain(secret);
    expect(await downbeat(["payload-keys", "encrypt", file, "gone"])).toMatchObject({ status: 3 });
    expect((await downbeat(["payload-keys", "new", file, "--id", "all-1"])).err).toContain(
      "two keys have one id",
    );
  }, 300_000);
});

const order = workflow("order", async (run, _order: { name: string }) => {
  await run.signal("ship");
});

test("erasing somebody says first what it covers, and is in the audit before it is done", {
  timeout: 400_000,
}, async () => {
  const file = keyFile();
  await downbeat(["payload-keys", "new", file, "--id", "all-1"]);
  await downbeat(["payload-keys", "new", file, "--id", "k-1", "--label", "customer=4711"]);
  await using engineering = await openEngineering(["public/default"], { workflows: [order] });
  const codec = aesCodec({ keys: keysFromFile(file), label: "customer" });
  const shop = client({ log: engineering.log, actor: "shop", codec });
  await using server = await startServer({
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_ACTOR: "ada",
    DOWNBEAT_PAYLOAD_KEYS_FILE: file,
  });
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  await shop.start(order, { name: "Ada Lovelace" }, { runId: "o-1", labels: { customer: "4711" } });
  await until(async () => (await on("runs", "show", "o-1")).out.includes("Ada Lovelace"));

  const erase = (...more: string[]) => on("erase", "--label", "customer=4711", "--keys", file, ...more);
  const before = await erase();
  expect(before.status).toBe(0);
  expect(before.out).toContain("Would erase 1 key of customer=4711: k-1.");
  expect(before.out).toContain("1 of them is open, and can't go on: o-1.");
  expect(before.out).toContain("Nothing was erased.");
  expect(await erase("--yes")).toMatchObject({ status: 2, err: expect.stringContaining("--reason") });
  expect((await on("runs", "show", "o-1")).out).toContain("Ada Lovelace");

  const done = JSON.parse((await erase("--yes", "--reason", "Art. 17", "--json")).out);
  expect(done).toMatchObject({
    subject: "customer=4711",
    keys: ["k-1"],
    runs: 1,
    open: ["o-1"],
    erased: true,
  });
  const after = (await on("runs", "show", "o-1", "--json")).out;
  expect(after).toContain("$encrypted");
  expect(after).not.toContain("Ada Lovelace");
  expect(await erase()).toMatchObject({ status: 3, err: expect.stringContaining("nothing is to be erased") });
  const audit = (await on("audit")).out;
  expect(audit).toContain("erase keys of payloads");
  expect(audit).toContain("Art. 17");
  // What somebody typed would be in the log for everybody.
  const sent = await on("runs", "signal", "o-1", "ship", "--payload", '{"to":"Ada"}');
  expect(sent.err).toContain("was erased on");
  await shop.close();
});
