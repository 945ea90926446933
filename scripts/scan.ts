import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, until } from "./lib/processes.ts";
import { isExplained } from "./scan/explained.ts";
import { noScanner } from "./scan/no-scanner.ts";
import { scan, wapiti } from "./scan/wapiti.ts";

/**
 * `npm run scan`: the running product, with sign-in, looked at by Wapiti, a scanner of web applications that PyPI has. What it finds and nobody has
 * explained fails; the whole report is in .cache/scan.json. Ends with 0, 1 for findings, and `noScanner` where there is no scanner to be had.
 */

const root = join(import.meta.dirname, "..");
const main = join(root, "apps/cli/src/main.ts");
const password = "correct horse battery";
const pages = [
  "",
  "/runs",
  "/attention",
  "/analytics",
  "/audit",
  "/alerts",
  "/timers",
  "/jobs",
  "/quarantine",
  "/approvals",
  "/boards",
  "/bulk",
  "/case",
  "/compare",
  "/figures",
  "/owed",
  "/system",
  "/tokens",
  "/account",
];

let program: string;
try {
  program = wapiti(root);
} catch (error) {
  console.error(`There is no scanner: ${error instanceof Error ? error.message : error}`);
  process.exit(noScanner);
}

const folder = mkdtempSync(join(tmpdir(), "downbeat-scan-"));
const access = join(folder, "access.json");
execFileSync(process.execPath, [main, "users", "add", "ada", "--group", "admins", "--access", access], {
  input: password,
});
const { dashboard, log } = await freePorts("dashboard", "log");
const url = `http://localhost:${dashboard}`;
const product = spawn(
  process.execPath,
  [
    ...[main, "start", "--no-demo", "--access", access, "--data-dir", join(folder, "data")],
    ...["--port", String(dashboard), "--log-port", String(log)],
  ],
  // The scanner asks as fast as it can.
  {
    cwd: root,
    env: { ...process.env, DOWNBEAT_CALLS_PER_SECOND: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  },
);
let said = "";
product.stdout.on("data", (piece) => (said += piece));
try {
  const isReady = await until(() => said.includes("is ready") || product.exitCode !== null, 240_000);
  if (!isReady || product.exitCode !== null) throw new Error(`The product did not start.\n${said}`);
  const cookie = await signIn();
  const { crawled, found } = scan({
    program,
    url,
    cookie,
    pages: pages.map((page) => `/public/default${page}`),
    folder,
  });
  mkdirSync(join(root, ".cache"), { recursive: true });
  writeFileSync(join(root, ".cache", "scan.json"), `${JSON.stringify({ crawled, found }, null, 2)}\n`);
  const open = found.filter((each) => !isExplained(each));
  for (const { what, path, parameter, info } of open) console.log(`${what} at ${path} ${parameter}: ${info}`);
  console.log(
    `${crawled} addresses were scanned: ${open.length} findings, and ${found.length - open.length} that are explained in docs/security/scan.md.`,
  );
  if (crawled < pages.length) console.error("So few addresses are no scan.");
  process.exitCode = open.length === 0 && crawled >= pages.length ? 0 : 1;
} finally {
  const ended = new Promise((resolve) => product.once("exit", resolve));
  product.kill("SIGTERM");
  if (product.exitCode === null) await ended;
  rmSync(folder, { recursive: true, force: true });
}

async function signIn(): Promise<string> {
  const answer = await fetch(`${url}/signin`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: url, "sec-fetch-site": "same-origin" },
    body: new URLSearchParams({ name: "ada", password, to: "/" }),
  });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0];
  if (cookie === undefined) throw new Error(`Nobody could sign in: ${answer.status}.`);
  return cookie;
}
