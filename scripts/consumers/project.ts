import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const readyWithinMs = 60_000;
const mostMs = 90_000;
const endsWithinMs = 15_000;

/** Runs a program as somebody would who has this Node: nothing of the test's own environment leads back to the repository. */
export async function run(
  folder: string,
  node: string,
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = { cwd: folder, env: { ...environment(node), ...variables }, timeout: mostMs };
  const { stdout } = await promisify(execFile)(command, args, options);
  return stdout;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

/** Without a look at the registry for what is in npm's cache. */
export async function install(folder: string, node: string, packages: readonly string[]): Promise<void> {
  await run(folder, node, "npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...packages]);
}

export interface Dev extends AsyncDisposable {
  readonly url: string;
  readonly logUrl: string;
  /** All that it has said. */
  readonly said: () => string;
  /** As Ctrl-C does. Comes back when all its processes are gone. */
  stop(): Promise<void>;
}

/** `npx downbeat dev`, once it is ready. */
export async function startDev(folder: string, node: string): Promise<Dev> {
  const [port, logPort] = [await freePort(), await freePort()];
  const args = ["downbeat", "dev", "--port", String(port), "--log-port", String(logPort)];
  const child = spawn("npx", args, {
    cwd: folder,
    env: environment(node),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let said = "";
  const hear = (chunk: Buffer) => (said += chunk);
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const stop = () => ended(child);
  try {
    await heard(child, () => said.includes("Downbeat is ready"));
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}\n${said}${lastWords(join(folder, ".downbeat", "logs"))}`);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    logUrl: `ws://127.0.0.1:${logPort}`,
    said: () => said,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Of each process that it had started. */
function lastWords(logs: string): string {
  if (!existsSync(logs)) return "";
  return readdirSync(logs)
    .map((file) => `\n${file}: ${readFileSync(join(logs, file), "utf8").slice(-1_500)}`)
    .join("");
}

/** Whether somebody could listen there, so that nobody does. */
export function isFree(url: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(Number(new URL(url).port), "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

function environment(node: string): NodeJS.ProcessEnv {
  const { HOME, TMPDIR, SystemRoot, NODE_EXTRA_CA_CERTS, npm_config_cafile, PATH = "" } = process.env;
  const elsewhere = PATH.split(delimiter).filter((folder) => !folder.includes("node_modules"));
  return {
    ...(HOME !== undefined && { HOME }),
    ...(TMPDIR !== undefined && { TMPDIR }),
    ...(SystemRoot !== undefined && { SystemRoot }),
    // A company's own registry is reached with the company's certificates.
    ...(NODE_EXTRA_CA_CERTS !== undefined && { NODE_EXTRA_CA_CERTS }),
    ...(npm_config_cafile !== undefined && { npm_config_cafile }),
    PATH: [dirname(node), ...elsewhere].join(delimiter),
  };
}

async function heard(child: ChildProcess, done: () => boolean): Promise<void> {
  const late = AbortSignal.timeout(readyWithinMs);
  while (!done()) {
    if (child.exitCode !== null) throw new Error(`downbeat dev ended with ${child.exitCode}.`);
    await Promise.race([
      once(child.stdout ?? child, "data", { signal: late }),
      once(child, "exit", { signal: late }),
    ]).catch((error: unknown) => {
      throw new Error(`downbeat dev was not ready in time: ${error}`);
    });
  }
}

/** Of npx and all that it started: its output is closed when the last of them is gone. */
async function ended(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.stdout?.closed === true) return;
  const closed = once(child, "close");
  signal(pid, "SIGINT");
  const late = setTimeout(() => signal(pid, "SIGKILL"), endsWithinMs);
  await closed;
  clearTimeout(late);
}

/** To the whole group, as a terminal does it. */
function signal(pid: number, name: "SIGINT" | "SIGKILL"): void {
  try {
    process.kill(-pid, name);
  } catch {
    // It is gone already.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("A server listens on no port.");
  return address.port;
}
