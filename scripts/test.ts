import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  endedByV8,
  suitesPassed,
  type Totals,
  totalsOfPlaywright,
  totalsOfVitest,
} from "./lib/test-reports.ts";
import { newestKnown, versionVariable, wantedVersion } from "./pulsar/distribution.ts";
import { startServers, variablesOf } from "./pulsar/suite/servers.ts";
import { noteVersion } from "./pulsar/versions.ts";
import { noScanner } from "./scan/no-scanner.ts";

/** `npm test`: every suite that needs nothing but this machine, the browser's included, and one closing line for all. */

const help = `npm test [-- --unit | --browser | --consumers | --pulsar | --scan | --all]

  --unit      only the tests that need no browser
  --browser   only the browser tests
  --consumers only the projects that install the packages as npm would get them, on Node 22 and 24, and the docs site
  --pulsar    only the suites on a real Pulsar broker and Pulsar SQL, which are fetched through Maven and started; also npm run test:pulsar
  --scan      only a scan of the running product by Wapiti, which comes from PyPI and needs python3 with venv
  --all       everything, and one closing line
  --pulsar-version <version>  of Pulsar, for these (default ${newestKnown}); which of them pass is noted in docs/pulsar-versions.json
  --only <text>               of these, the files whose path contains it (several: one after the other); no browser then
  CHROMIUM_PATH=… uses that Chromium instead of /usr/bin/chromium or Playwright's own`;

const root = join(import.meta.dirname, "..");
const reports = mkdtempSync(join(tmpdir(), "downbeat-test-"));
const args = process.argv.slice(2);

if (Number(process.versions.node.split(".")[0]) < 24) {
  console.error(
    `The tests need Node.js 24; this is ${process.version}. Run them as "npm test", which brings it.`,
  );
  process.exit(1);
}
if (args.includes("--help")) {
  console.log(help);
  process.exit(0);
}

// Ended in order, so that suites and the servers that were started for them are gone too.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill();
});

const totals = totalsOf({});
const only = (suite: string) =>
  args.includes(suite) ||
  !["--unit", "--browser", "--consumers", "--pulsar", "--scan"].some((name) => args.includes(name));
const onPulsar = args.includes("--pulsar") || args.includes("--all");
const began = Date.now();
if (only("--unit")) add(await runVitest("unit", []));
if (onPulsar) await runOnPulsar();
else await runOthers({});
// Alone: what a busy machine answers late is a finding to a scanner.
if (args.includes("--scan") || args.includes("--all")) add(await runScan());
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
for (const each of totals.unsteady) console.log(`\npassed at the second try: ${each}`);
for (const failure of totals.failures) console.log(`\nfailed: ${failure}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);

async function runOthers(how: How): Promise<void> {
  if (only("--browser")) add(await runBrowser("browser", "playwright.config.ts", how));
  if (only("--consumers"))
    add(await runVitest("consumers", ["--config", join(root, "vitest.consumers.config.ts")], how));
}

/** The others go on meanwhile with the processor's time that these leave: they wait for half of theirs. */
async function runOnPulsar(): Promise<void> {
  const asked = args.indexOf("--pulsar-version");
  if (asked >= 0) process.env[versionVariable] = args[asked + 1] ?? "";
  const files = args.filter((_, index) => args[index - 1] === "--only");
  const others = runOthers({ gently: true });
  try {
    await using servers = await startServers();
    const env = variablesOf(servers);
    const config = join(root, "vitest.pulsar.config.ts");
    add(await runVitest("pulsar", [...files, "--config", config], { env }));
    const report = join(reports, "pulsar.json");
    if (existsSync(report)) noteVersion(wantedVersion(), suitesPassed(report));
    await others;
    if (files.length === 0) add(await runBrowser("pulsar-browser", "playwright.pulsar.config.ts", { env }));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    add(crashed("Starting Pulsar", 1));
  }
  await others;
}

interface How {
  readonly env?: Readonly<Record<string, string>>;
  /** Whatever else runs goes before. */
  readonly gently?: boolean;
}

async function runVitest(
  name: string,
  options: readonly string[],
  how: How = {},
  isAgain = false,
): Promise<Totals> {
  const report = join(reports, `${name}.json`);
  const unhandled = join(reports, `${name}-unhandled.json`);
  const more = join(import.meta.dirname, "lib", "unhandled-errors-reporter.ts");
  const reporters = [
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    `--reporter=${more}`,
  ];
  const env = { ...how.env, DOWNBEAT_UNHANDLED_ERRORS: unhandled };
  const status = await run("vitest/vitest.mjs", ["run", ...options, ...reporters], { ...how, env });
  if (!existsSync(report)) return crashed("Vitest", status);
  const again = isAgain ? [] : endedByV8(unhandled);
  for (const file of again) console.log(`\nV8 ended the process of ${file}; it is run again.`);
  if (again.length > 0) add(await runVitest(`${name}-again`, [...again, ...options], how, true));
  return totalsOfVitest(report, unhandled, status, root, again);
}

async function runScan(): Promise<Totals> {
  const status = await runNode([join(import.meta.dirname, "scan.ts")]);
  if (status === 0) return totalsOf({ passed: 1 });
  if (status === noScanner) return totalsOf({ skipped: 1 });
  return totalsOf({ failed: 1, failures: ["The scan of the running product: its findings stand above."] });
}

async function runBrowser(name: string, config: string, how: How): Promise<Totals> {
  if ((await run("turbo/bin/turbo", ["run", "build"], how)) !== 0)
    return crashed("The build of the dashboard", 1);
  if (!chromium()) {
    console.log("Playwright's Chromium is fetched once…");
    if ((await run("@playwright/test/cli.js", ["install", "chromium"])) !== 0) {
      console.error(
        "Chromium could not be fetched. Install one and say where it is: CHROMIUM_PATH=/path/to/chromium npm test",
      );
      return crashed("Playwright", 1);
    }
  }
  const report = join(reports, `${name}.json`);
  const cli = ["test", "--config", join(root, "e2e", config), "--reporter=list,json"];
  const env = { ...how.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const status = await run("@playwright/test/cli.js", cli, { ...how, env });
  if (!existsSync(report)) return crashed("Playwright", status);
  return totalsOfPlaywright(report, status);
}

function chromium(): boolean {
  return [process.env.CHROMIUM_PATH, "/usr/bin/chromium"].some(
    (path) => path !== undefined && existsSync(path),
  );
}

async function run(bin: string, binArgs: readonly string[], how: How = {}): Promise<number> {
  const script = createRequire(join(root, "e2e", "package.json")).resolve(`${packageOf(bin)}/package.json`);
  const path = join(script, "..", bin.slice(packageOf(bin).length + 1));
  return await runNode([path, ...binArgs], how);
}

/** @returns its exit status; 1 where a signal ended it */
async function runNode(nodeArgs: readonly string[], how: How = {}): Promise<number> {
  const telemetry = { NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1" };
  // Node keeps what it has stripped of types: each thread of a test would do it again, in WebAssembly, which V8 does not always survive.
  const kept = { NODE_COMPILE_CACHE: join(root, ".cache", "compile") };
  const [program = "", ...rest] = [...(how.gently ? gently() : []), process.execPath, ...nodeArgs];
  const child = spawn(program, rest, {
    cwd: root,
    stdio: "inherit",
    env: { ...kept, ...process.env, ...telemetry, ...how.env },
  });
  running.add(child);
  const [status]: unknown[] = await once(child, "exit");
  running.delete(child);
  return typeof status === "number" ? status : 1;
}

/** A browser of the superuser's would raise its own priority again, were it allowed to. */
function gently(): string[] {
  const bound = ["setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice"];
  return [...(process.getuid?.() === 0 ? bound : []), "nice", "-n", "10"];
}

function packageOf(bin: string): string {
  return bin
    .split("/")
    .slice(0, bin.startsWith("@") ? 2 : 1)
    .join("/");
}

function crashed(what: string, status: number): Totals {
  console.error(`${what} ended with ${status} and left no report.`);
  return totalsOf({ failed: 1, failures: [`${what} left no report.`] });
}

function totalsOf(counted: Partial<Totals>): Totals {
  return { passed: 0, failed: 0, skipped: 0, failures: [], unsteady: [], ...counted };
}

function add(more: Totals): void {
  totals.passed += more.passed;
  totals.failed += more.failed;
  totals.skipped += more.skipped;
  totals.failures.push(...more.failures);
  totals.unsteady.push(...more.unsteady);
  console.log(
    `\n${totals.passed} passed, ${totals.failed} failed so far, after ${Math.round((Date.now() - began) / 60_000)} min`,
  );
}
