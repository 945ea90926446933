import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "./support/fixtures.ts";
import { freePort, type Product, startProduct } from "./support/product.ts";

/** What is secret stands on no command line, in no log, and in the environment of those alone that need it. Whoever uses the machine may read the first two. */

const directory = mkdtempSync(join(tmpdir(), "downbeat-e2e-secrets-"));
const at = (name: string) => join(directory, name);
const main = join(import.meta.dirname, "../apps/cli/src/main.ts");
const secrets = {
  password: "correct-horse-battery-4711",
  callsWith: "token-of-this-command-4712",
  guessed: "token-that-is-none-4713",
  ownCode: "password-of-a-database-4714",
  payloadKey: Buffer.alloc(32, 47).toString("base64"),
  alertsGoTo: "https://127.0.0.1:9/hook-of-a-chat-4715",
} as const;
let product: Product;

test.skip(process.platform !== "linux", "looks into /proc");

test.beforeAll(async () => {
  test.setTimeout(240_000);
  cli(["users", "add", "ada", "--group", "admins", "--access", at("access.json")], secrets.password);
  cli(["keys", "new", at("keys.json"), "--never-unsigned"]);
  writeFileSync(
    at("channels.json"),
    JSON.stringify({ channels: { chat: { kind: "slack", url: { env: "CHAT_HOOK" } } } }),
  );
  const env = {
    DOWNBEAT_ACCESS_FILE: at("access.json"),
    DOWNBEAT_RECORD_KEYS_FILE: at("keys.json"),
    DOWNBEAT_ALERT_CHANNELS: at("channels.json"),
    DOWNBEAT_TOKEN: secrets.callsWith,
    DOWNBEAT_PAYLOAD_KEYS: JSON.stringify({ keys: [{ id: "acme-1", secret: secrets.payloadKey }] }),
    DATABASE_PASSWORD: secrets.ownCode,
    CHAT_HOOK: secrets.alertsGoTo,
    LOG_LEVEL: "debug",
  };
  product = await startProduct(env, undefined, [], await freePort());
});

test.afterAll(async () => {
  await product?.[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

test("secrets are on no command line, in no log, and told to those alone that need them", async () => {
  const { url } = product;
  const form = new URLSearchParams({ name: "ada", password: secrets.password, to: "/" });
  const headers = { origin: url, "sec-fetch-site": "same-origin" };
  const post = (body: URLSearchParams) =>
    fetch(`${url}/signin`, { method: "POST", redirect: "manual", headers, body });
  const arrived = await post(form);
  expect(arrived.status).toBe(303);
  const seal = /=([^;]+)/.exec(arrived.headers.get("set-cookie") ?? "")?.[1] ?? "";
  expect(seal.length).toBeGreaterThan(50);
  await post(new URLSearchParams({ name: "ada", password: `${secrets.password}x` }));
  const cookie = arrived.headers.get("set-cookie")?.split(";")[0] ?? "";
  await fetch(`${url}/`, { headers: { cookie } });
  expect((await fetch(product.api("me.get"), { headers: { cookie } })).status).toBe(200);
  await fetch(product.api("me.get"), { headers: { authorization: `Bearer ${secrets.guessed}` } });

  const ofFiles = {
    recordKey: /"secret":\s*"([^"]+)"/.exec(readFileSync(at("keys.json"), "utf8"))?.[1] ?? "",
    hash: /"hash":\s*"([^"]+)"/.exec(readFileSync(at("accounts.json"), "utf8"))?.[1] ?? seal,
    seal,
  };
  const all = { ...secrets, ...ofFiles };
  expect(Object.values(all).every((secret) => secret.length > 15)).toBe(true);

  const children = childrenOf(product.pid);
  expect(children.map(({ name }) => name).toSorted()).toEqual(["engine", "server", "travel", "web"]);
  for (const { pid, name } of [...children, { pid: product.pid, name: "start" }])
    expect({ name, shown: secretsIn(proc(pid, "cmdline"), all) }).toEqual({ name, shown: [] });
  const told = Object.fromEntries(
    children.map(({ pid, name }) => [name, secretsIn(proc(pid, "environ"), all)]),
  );
  expect(told).toEqual({
    engine: [],
    web: [],
    // It tells people of alerts, and a secret of that may be in a variable of any name.
    server: ["ownCode", "alertsGoTo"],
    // Somebody's own code has its own variables.
    travel: ["ownCode", "payloadKey", "alertsGoTo"],
  });

  const logs = readdirSync(join(product.dataDir, "logs"));
  expect(logs.length).toBeGreaterThan(3);
  for (const file of logs) {
    const text = readFileSync(join(product.dataDir, "logs", file), "utf8");
    expect({ file, shown: secretsIn(text, all) }).toEqual({ file, shown: [] });
  }
  expect(readFileSync(join(product.dataDir, "logs", "server.log"), "utf8")).toContain(
    "a sign-in was refused",
  );
});

function cli(args: readonly string[], input = ""): void {
  execFileSync(process.execPath, [main, ...args], { input });
}

function secretsIn(text: string, all: Readonly<Record<string, string>>): string[] {
  return Object.entries(all).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));
}

function proc(pid: number, file: string): string {
  return readFileSync(`/proc/${pid}/${file}`, "utf8");
}

/** As the folder of their program is called. */
function childrenOf(parent: number): { readonly pid: number; readonly name: string }[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, pid, ppid, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    const [, name] = /apps\/(\w+)\/(?:src\/main|serve)\.ts/.exec(command) ?? [];
    return Number(ppid) === parent && name !== undefined ? [{ pid: Number(pid), name }] : [];
  });
}
