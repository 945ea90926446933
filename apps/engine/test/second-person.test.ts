import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../server/test/free-port.ts";

vi.setConfig({ testTimeout: 240_000 });
const engine = join(import.meta.dirname, "../src/main.ts");

test.each([
  ["terminate,bulk", { DOWNBEAT_SECOND_PERSON: "bulk, terminate" }],
  ["nothing", {}],
])("an engine says when it starts that %s needs a second person to it", async (rule, env) => {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-engine-rule-"));
  const { PATH = "", NODE_COMPILE_CACHE } = process.env;
  const port = await freePort();
  const child = fork(engine, [], {
    env: {
      PATH,
      NODE_COMPILE_CACHE,
      HOME: folder,
      DOWNBEAT_ENGINE_PORT: String(port),
      DOWNBEAT_LOG_PORT: "0",
      DOWNBEAT_DATA_DIR: folder,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(folder, { recursive: true });
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (said += chunk));
  await vi.waitFor(() => expect(said).toMatch(/the engine runs.*\n/), { timeout: 120_000, interval: 50 });
  const line = said.split("\n").find((each) => each.includes("the engine runs"));
  expect(JSON.parse(line ?? "{}")).toMatchObject({ secondPerson: rule });
  const health = `http://127.0.0.1:${port}`;
  expect(await (await fetch(`${health}/readyz`)).json()).toMatchObject({ secondPerson: rule });
  const metrics = await (await fetch(`${health}/metrics`)).text();
  for (const action of ["terminate", "complete", "bulk"])
    expect(metrics).toContain(
      `downbeat_engine_second_person{action="${action}"} ${rule.split(",").includes(action) ? 1 : 0}\n`,
    );
});
