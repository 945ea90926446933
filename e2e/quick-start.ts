import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { chromiumOptions } from "./support/chromium.ts";
import { registryOf } from "./support/registry.ts";

/**
 * `npm run quick-start`: the quick start's own commands, in an empty folder outside the repository, with the tarballs that `npm run pack` has written; then the browser. Says what
 * each step took, and keeps a picture of the run's page.
 */

const root = resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    tarballs: { type: "string", default: join(root, "tarballs") },
    picture: { type: "string", default: join(root, ".cache", "quick-start.png") },
  },
});
const place = mkdtempSync(join(tmpdir(), "quick-start-"));
const app = join(place, "my-app");
const began = performance.now();

await using registry = await registryOf(
  values.tarballs,
  await said("npm", ["config", "get", "registry"], root),
);
const npm = {
  npm_config_registry: registry.url,
  npm_config_yes: "true",
  npm_config_cache: join(place, "npm-cache"),
  npm_config_update_notifier: "false",
};
let dev: ChildProcess | undefined;
try {
  await step("npm create downbeat@latest my-app", place);
  await step("npm install", app);
  // The usual ports may be somebody's here.
  const [port, logPort] = [await freePort(), await freePort()];
  const ready = performance.now();
  dev = spawn("npm", ["run", "dev", "--", "--port", `${port}`, "--log-port", `${logPort}`], {
    cwd: app,
    env: environment(),
    stdio: ["ignore", "pipe", "inherit"],
    // A group of its own, which Ctrl-C reaches as a whole.
    detached: true,
  });
  const terminal = heard(dev);
  await terminal.until("Downbeat is ready");
  done("npm run dev", ready);
  const log = { DOWNBEAT_LOG_URL: `ws://127.0.0.1:${logPort}` };
  const first = await step("npm start", app, log);
  const runId = /Started (\S+?);/.exec(first)?.[1] ?? "";
  await look(port, runId, ["chargeCard", "shipParcel", "sendMail"]);

  const file = join(app, "src", "jobs.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace("mail to", "letter to"));
  await terminal.until("started again");
  await step("npm start -- kettle", app, log);
  await terminal.until("letter to ada@example.com: kettle");
  const refused = await step("npm start -- unicorn", app, log, 1);
  const refusedId = /Started (\S+?);/.exec(refused)?.[1] ?? "";
  await step(`npx downbeat runs show ${refusedId} --url http://127.0.0.1:${port}`, app);
  await step("npm test", app);
  console.log(`\nWhat the terminal of npm run dev said:\n${terminal.said()}`);
} finally {
  if (dev !== undefined) await stopped(dev);
  rmSync(place, { recursive: true, force: true });
}

async function look(port: number, runId: string, jobs: readonly string[]): Promise<void> {
  const at = performance.now();
  const browser = await chromium.launch(chromiumOptions);
  try {
    const page = await browser.newPage({ viewport: { width: 1_400, height: 900 } });
    await page.goto(`http://localhost:${port}`);
    await page.goto(`http://localhost:${port}/public/default/runs/${runId}`);
    for (const job of jobs) await page.getByText(job).first().waitFor();
    mkdirSync(dirname(values.picture), { recursive: true });
    await page.screenshot({ path: values.picture });
  } finally {
    await browser.close();
  }
  done(`the run's page in the browser, with ${jobs.join(", ")} (${values.picture})`, at);
}

async function step(
  command: string,
  cwd: string,
  more: Readonly<Record<string, string>> = {},
  status = 0,
): Promise<string> {
  const at = performance.now();
  const [program = "", ...args] = command.split(" ");
  const output = await said(program, args, cwd, more, status);
  done(command, at);
  console.log(output.trimEnd().replaceAll(/^/gm, "    "));
  return output;
}

function done(what: string, at: number): void {
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  const now = performance.now();
  console.log(`${seconds(now - began).padStart(6)} s  ${what} (${seconds(now - at)} s)`);
}

function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH = "" } = process.env;
  // What this command itself was started with stays here.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|DOWNBEAT_|INIT_CWD)/i.test(name));
  // This Node, whose npm is found on the path.
  const path = `${dirname(process.execPath)}${delimiter}${PATH}`;
  return { ...Object.fromEntries(inherited), PATH: path, ...npm, ...more };
}

async function said(
  program: string,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
  status = 0,
): Promise<string> {
  const env = cwd === root ? process.env : environment(more);
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const terminal = heard(child);
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== status)
    throw new Error(`${program} ${args.join(" ")} ended with ${code}.\n${terminal.said()}`);
  return cwd === root ? terminal.said().trim() : terminal.said();
}

function heard(child: ChildProcess) {
  let text = "";
  const look = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      text += String(chunk);
      for (const each of look) each();
    });
  const until = (words: string) =>
    new Promise<void>((resolve, reject) => {
      const each = (): void => {
        if (!text.includes(words)) return;
        look.delete(each);
        resolve();
      };
      look.add(each);
      child.once("close", () => reject(new Error(`It ended before it said "${words}".\n${text}`)));
      each();
    });
  return { said: () => text, until };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
