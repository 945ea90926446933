import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { Engine, MemoryStateStore, systemClock } from "@downbeat/engine";
import { topics } from "@downbeat/protocol";
import { client } from "@downbeat/sdk/client";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { worker } from "@downbeat/sdk/worker";
import { expect, onTestFinished, test, vi } from "vitest";
import { ownCodeArgs } from "../src/dev/own-code-args.ts";
import { shownOutput } from "../src/dev/shown-output.ts";

const sdk = import.meta.resolve("@downbeat/sdk");
const host = fileURLToPath(new URL("../src/dev/host.ts", import.meta.url));

const workflows = (answer: string) => `
  import { job, workflow } from ${JSON.stringify(sdk)};
  import { words } from "./words.ts";
  export const greet = workflow("greet", async (run) => {
    const name = await run.job(job("name"));
    await run.signal("go");
    return words(name) + ${JSON.stringify(answer)};
  });`;
const words = (text: string) =>
  `export const words = (name: unknown): string => ${JSON.stringify(text)} + name;`;

/** An engine without anybody's code, and the process that `dev` starts for it. */
async function staged({ hasJobs = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-dev-"));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("workflows.ts", workflows("!"));
  write("words.ts", words("Hello "));
  write("package.json", '{ "version": "4.5.6" }');
  write("jobs.ts", `export const jobs = { name: async () => "Ada" };`);
  const embedded = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
  const log = embedded.connect();
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, 1);
  const engine = new Engine({
    log: embedded.connect(),
    decisions: inProcessDecisions([]),
    delegation: {
      takes: () => true,
      buildsOf: () => undefined,
      problemWith: async () => undefined,
      misfit: async () => undefined,
    },
    partitions: 1,
    owner: "engine",
    clock: systemClock,
    store: () => new MemoryStateStore(),
    wallClock: Date.now,
    tickMs: 200,
  });
  engine.start();
  const server = await serve(embedded, { port: 0 });
  const args = ownCodeArgs({
    workflows: join(folder, "workflows.ts"),
    ...(hasJobs && { jobs: join(folder, "jobs.ts") }),
  });
  const child = fork(host, [...args], {
    env: { ...process.env, DOWNBEAT_LOG_URL: server.url },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  /** On the terminal. */
  const shown: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    const take = shownOutput((each) => shown.push(each), false);
    stream?.on("data", (chunk: Buffer) => take(chunk.toString()));
  }
  const said: string[] = [];
  let isReady = false;
  child.on("message", (message: { type: string; sentence?: string }) => {
    if (message.type === "ready") isReady = true;
    if (message.sentence !== undefined) said.push(message.sentence);
  });
  const c = client({ log: embedded.connect() });
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    await c.close();
    await engine.stop();
    await server.close();
    await embedded.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await vi.waitFor(() => expect(isReady).toBe(true), 30_000);
  const hears = (text: string) => vi.waitFor(() => expect(said.join("\n")).toContain(text), 45_000);
  return { c, write, said, shown, hears, log };
}

test("its build is the project's, not that of downbeat", { timeout: 60_000 }, async () => {
  const { log } = await staged();
  const announced: string[] = [];
  const onMessage = ({ payload }: { payload: Uint8Array }) =>
    void announced.push(Buffer.from(payload).toString());
  await log.openReader(topics.workers, { from: "earliest", onMessage });
  await vi.waitFor(() => expect(announced.join("\n")).toContain('"build":"4.5.6"'), 30_000);
});

test("workflows are hosted without jobs, which wait for workers of one's own", {
  timeout: 60_000,
}, async () => {
  const { said, log, c } = await staged({ hasJobs: false });
  const run = await c.start("greet");
  const theirs = worker({ log, jobs: { name: async () => "Grace" }, logger: false });
  onTestFinished(() => theirs.stop());
  await run.signal("go");
  expect(await run.result()).toBe("Hello Grace!");
  expect(said).toEqual([]);
});

test("changed code is there at once, and open runs go on with it", { timeout: 90_000 }, async () => {
  const { c, write, said, hears } = await staged();
  const open = await c.start("greet");
  const first = await c.start("greet");
  await first.signal("go");
  expect(await first.result()).toBe("Hello Ada!");

  write("words.ts", words("Good morning "));
  await hears("started again; open runs go on.");
  await open.signal("go");
  expect(await open.result()).toBe("Good morning Ada!");

  said.length = 0;
  write("workflows.ts", "export const greet = {{");
  await hears("It is started again when a file changes.");
  expect(said.join("\n")).toContain("workflows.ts");

  write("workflows.ts", workflows("?"));
  const last = await c.start("greet");
  await last.signal("go");
  expect(await last.result()).toBe("Good morning Ada?");
});

test.each([
  ["workflows.ts", "throws", `throw new TypeError("no such thing");`, "no such thing"],
  ["workflows.ts", "is no TypeScript", "export const greet = {{", "could not be imported"],
  ["jobs.ts", "throws", `throw new TypeError("no such thing");`, "no such thing"],
  ["jobs.ts", "exports no jobs", "export const handlers = {};", `must export "jobs"`],
])("a mistake at load is shown once: %s %s", { timeout: 90_000 }, async (file, _, text, mistake) => {
  const { write, hears, shown } = await staged();
  write(file, text);
  await hears("It is started again when a file changes.");
  const again = "It is started again when a file changes.";
  await vi.waitFor(() => expect(shown.join("\n")).toContain(again), 30_000);
  expect(shown.join("\n").split(mistake)).toHaveLength(2);
});

test("an error in what was compiled tells the file and line that were written", {
  timeout: 90_000,
}, async () => {
  const { c, log, write, hears } = await staged();
  const map = { version: 3, sources: ["as-written.ts"], names: [], mappings: "AAMA" };
  write("compiled.mjs.map", JSON.stringify(map));
  write(
    "compiled.mjs",
    `export const name = () => { throw new Error("declined"); };\n//# sourceMappingURL=compiled.mjs.map\n`,
  );
  write("jobs.ts", `import { name } from "./compiled.mjs"; export const jobs = { name };`);
  await hears("started again; open runs go on.");
  let history = "";
  const onMessage = ({ payload }: { payload: Uint8Array }) =>
    void (history += Buffer.from(payload).toString());
  await log.openReader(topics.history(0), { from: "earliest", onMessage });
  await c.start("greet");
  await vi.waitFor(() => expect(history).toContain("declined"), 30_000);
  expect(history).toContain("as-written.ts:7");
  expect(history).not.toContain("compiled.mjs:1");
});

test("a worker that is killed is said to be, and started again after longer and longer", {
  timeout: 90_000,
}, async () => {
  const { write, said, hears } = await staged();
  write("jobs.ts", `process.kill(process.pid, "SIGKILL"); export const jobs = {};`);
  await hears(
    "was ended by SIGKILL (by the system, perhaps, for want of memory). It is started again in 1 s.",
  );
  await hears("It is started again in 2 s.");
  said.length = 0;
  write("jobs.ts", `export const jobs = { name: async () => "Ada" };`);
  await hears("started again; open runs go on.");
});

test("code that never ends where it is loaded is said, with its files", { timeout: 120_000 }, async () => {
  const { write, hears, said } = await staged();
  write("workflows.ts", `${workflows("!")} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`);
  await hears("not ready after 15 s. Does ");
  expect(said.join("\n")).toContain("workflows.ts or ");
  write("workflows.ts", workflows("!"));
  await hears("started again; open runs go on.");
});
