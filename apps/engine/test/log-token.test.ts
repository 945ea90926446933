import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";

vi.setConfig({ testTimeout: 240_000 });
const patience = { timeout: 60_000, interval: 50 };
const run = promisify(execFile);
const engine = join(import.meta.dirname, "../src/main.ts");
const sdk = new URL("../../../packages/sdk/src/index.ts", import.meta.url).href;

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "downbeat-engine-token-"));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => stop(child)));
  rmSync(folder, { recursive: true });
});

async function stop(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** Of somebody: where their programs look is their own. */
const homeOf = (user: string) => {
  const home = join(folder, user);
  mkdirSync(home, { recursive: true });
  return home;
};

interface Started {
  readonly child: ChildProcess;
  readonly told: { readonly type: string; readonly why?: string; readonly sentence?: string }[];
  readonly said: () => string;
}

const word = z.object({ type: z.string(), why: z.string().optional(), sentence: z.string().optional() });

function start(user: string, env: Readonly<Record<string, string>>): Started {
  const { PATH = "", NODE_COMPILE_CACHE } = process.env;
  const own = { PATH, NODE_COMPILE_CACHE, HOME: homeOf(user) };
  const child = fork(engine, [], {
    env: { ...own, DOWNBEAT_ENGINE_PORT: "0", DOWNBEAT_LOG_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  children.push(child);
  const told: ReturnType<typeof start>["told"] = [];
  child.on("message", (message) => told.push(word.parse(message) as (typeof told)[number]));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += chunk));
  return { child, told, said: () => said };
}

async function startLog(user: string, env: Readonly<Record<string, string>> = {}, data = "data") {
  const dataDir = join(folder, data);
  const started = start(user, { DOWNBEAT_ROLE: "log", DOWNBEAT_DATA_DIR: dataDir, ...env });
  await vi.waitFor(() => expect(started.told.map(({ type }) => type)).toContain("ready"), patience);
  const { url } = z
    .object({ url: z.string() })
    .parse(JSON.parse(readFileSync(join(dataDir, "log.address"), "utf8")));
  return { ...started, url, tokenFile: join(dataDir, "log.token") };
}

/** What a program of somebody's that is given the address alone, in a folder of its own, finds of history; or why it doesn't. */
async function partitionsSeenBy(
  user: string,
  url: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const code = `const { connect } = await import(${JSON.stringify(sdk)});
    const connection = connect({ logger: false });
    console.log(await connection.log.partitionsOf("history").catch((error) => error.code + " " + error.message));
    await connection.close();`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], {
    cwd: homeOf(user),
    env: { PATH: process.env.PATH ?? "", HOME: homeOf(user), DOWNBEAT_LOG_URL: url, ...env },
  });
  return stdout.trim();
}

test("programs of the user who runs the log find its token wherever they run, and nobody else does", async () => {
  const { url, tokenFile, said } = await startLog("ada");
  expect(await partitionsSeenBy("ada", url)).toBe("4");
  expect(await partitionsSeenBy("ada", url.replace("127.0.0.1", "localhost"))).toBe("4");
  const asked = `unauthorized GET persistent/public/default/history/partitions: the log asks for its token, and was shown none. It is in ${tokenFile}, for the user who runs the log: name that file, or a copy for another user, with DOWNBEAT_PULSAR_TOKEN_FILE.`;
  expect(await partitionsSeenBy("bob", url)).toBe(asked);
  expect(await partitionsSeenBy("bob", url, { DOWNBEAT_PULSAR_TOKEN: "made-up" })).toContain(
    `the log doesn't take the token that it was shown. Its own is in ${tokenFile}`,
  );
  expect(await partitionsSeenBy("bob", url, { DOWNBEAT_PULSAR_TOKEN_FILE: tokenFile })).toBe("4");
  expect(said()).not.toContain(readFileSync(tokenFile, "utf8").trim());
  expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
});

test("logs of two data directories have a token each, and each is found", async () => {
  const [one, other] = [await startLog("ada", {}, "one"), await startLog("ada", {}, "other")];
  expect(readFileSync(one.tokenFile, "utf8")).not.toBe(readFileSync(other.tokenFile, "utf8"));
  expect(await partitionsSeenBy("ada", one.url)).toBe("4");
  expect(await partitionsSeenBy("ada", other.url)).toBe("4");
});

test("another engine on the log finds the token too; one that doesn't waits, and says where it is", async () => {
  const { url, tokenFile } = await startLog("ada");
  const mine = start("ada", { DOWNBEAT_LOG_URL: url, DOWNBEAT_DATA_DIR: join(folder, "mine") });
  const strangers = start("bob", { DOWNBEAT_LOG_URL: url, DOWNBEAT_DATA_DIR: join(folder, "strangers") });
  await vi.waitFor(() => expect(mine.told).toContainEqual({ type: "ready" }), patience);
  await vi.waitFor(() => expect(strangers.told.map(({ type }) => type)).toContain("waiting"), patience);
  expect(strangers.told[0]?.why).toContain(`The log at ${url} doesn't let this process in.`);
  expect(strangers.told[0]?.why).toContain(
    `the log asks for its token, and was shown none. It is in ${tokenFile}`,
  );
});

test("the token is the same after the log was killed and started again, and nobody keeps a note of what is gone", async () => {
  const first = await startLog("ada");
  const token = readFileSync(first.tokenFile, "utf8");
  await stop(first.child, "SIGKILL");
  const again = await startLog("ada");
  expect(readFileSync(again.tokenFile, "utf8")).toBe(token);
  expect(await partitionsSeenBy("ada", again.url)).toBe("4");
  const notes = join(homeOf("ada"), ".local", "state", "downbeat", "logs");
  expect(readdirSync(notes)).toEqual([`${new URL(again.url).port}.json`]);
  await stop(again.child);
  expect(readdirSync(notes)).toEqual([]);
});

test("a log whose token others may read is not opened, and says what to do", async () => {
  const data = join(folder, "data");
  mkdirSync(data);
  writeFileSync(join(data, "log.token"), "a-token-that-was-copied-without-care\n");
  chmodSync(join(data, "log.token"), 0o644);
  const { child, said } = start("ada", { DOWNBEAT_ROLE: "log", DOWNBEAT_DATA_DIR: data });
  await once(child, "exit");
  expect(child.exitCode).toBe(1);
  expect(said()).toContain(
    `The log's token in ${join(data, "log.token")} can't be used: others than its owner may read or write it: chmod 600`,
  );
});

test("where the home directory can't be written, that is said, and a program in the project's folder finds it all the same", async () => {
  const project = homeOf("ada");
  writeFileSync(join(project, ".local"), "no folder");
  const { url, tokenFile, told } = await startLog("ada", {}, join("ada", ".downbeat"));
  expect(told[0]).toEqual({
    type: "notice",
    sentence: expect.stringMatching(
      /^Programs of yours that run in other folders won't find the log's token by themselves \(/,
    ),
  });
  expect(told[0]?.sentence).toContain(`DOWNBEAT_PULSAR_TOKEN_FILE=${tokenFile}.`);
  expect(await partitionsSeenBy("ada", url)).toBe("4");
});

test("it can be told to ask for none, and says so", async () => {
  const { url, tokenFile, said } = await startLog("ada", { DOWNBEAT_NO_LOG_TOKEN: "true" });
  expect(await partitionsSeenBy("bob", url)).toBe("4");
  expect(existsSync(tokenFile)).toBe(false);
  expect(said()).toContain("the log asks for no token (DOWNBEAT_NO_LOG_TOKEN)");
});
