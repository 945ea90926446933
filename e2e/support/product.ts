import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, connect } from "@downbeat/sdk";

/** The whole product, as `npm start -- --no-demo` runs it, in a data directory of its own. */
export interface Product extends AsyncDisposable {
  readonly url: string;
  /** Where the pages of its first namespace are. */
  readonly home: string;
  /** Of the log, for who appends or reads directly. */
  readonly logUrl: string;
  readonly namespace: string;
  /** Of the command itself; the processes that it starts are its children. */
  readonly pid: number;
  readonly dataDir: string;
  /** Address of one of its first namespace's procedures. */
  api(procedure: string): string;
  /** Has a procedure of its first namespace do something, as a program does. @throws Error where it doesn't */
  act(procedure: string, input: unknown): Promise<void>;
  /** @param of such as `acme/orders`; the first namespace if not given */
  startRun(workflow: string, input: unknown, runId: string, of?: string): Promise<void>;
  /** Nothing is decided from now on, and nothing says so, as on a machine that has stopped; until `resume`. */
  pause(part: Part): Paused;
  /** Ends it in an instant, as a machine does that loses its power; it is started again by itself. */
  kill(part: Part): void;
}

/** One of the processes that `npm start` starts. */
type Part = "engine" | "server" | "web";

interface Paused {
  readonly resume: () => void;
}

const root = join(import.meta.dirname, "..", "..");

/** A namespace of a real broker to run on, instead of the embedded log. */
export interface Cluster {
  /** WebSocket address. */
  readonly pulsar: string;
  readonly namespace: string;
  /** Further options of `npm start`. */
  readonly options?: readonly string[];
}

/**
 * @param env on top of this process's, e.g. the rates at which the example's services fail
 * @param others further namespaces, such as `acme/orders`, beside the first
 * @param port where the dashboard listens; a free one if not given
 */
export async function startProduct(
  env: Record<string, string>,
  cluster?: Cluster,
  others: readonly string[] = [],
  port?: number,
): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), "downbeat-e2e-"));
  port ??= await freePort();
  const logPort = await freePort();
  const where =
    cluster === undefined
      ? ["--log-port", String(logPort)]
      : ["--pulsar", cluster.pulsar, "--namespace", cluster.namespace, ...(cluster.options ?? [])];
  const namespace = cluster?.namespace ?? "default";
  const first = `public/${namespace}`;
  const several = others.length === 0 ? [] : ["--namespaces", [first, ...others].join(",")];
  const options = ["--no-demo", "--port", String(port), "--data-dir", dataDir, ...where, ...several];
  const child = spawn(process.execPath, [join(root, "apps/cli/src/main.ts"), "start", ...options], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await ready(child);
  const url = `http://localhost:${port}`;
  const api = (procedure: string) => `${url}/trpc/public/${namespace}/${procedure}`;
  return {
    url,
    home: `${url}/${first}`,
    logUrl: cluster?.pulsar ?? `ws://127.0.0.1:${logPort}`,
    namespace,
    pid: child.pid ?? 0,
    dataDir,
    api,
    act: (procedure, input) => post(api(procedure), input),
    startRun: (workflow, input, runId, of = first) =>
      post(`${url}/trpc/${of}/runs.start`, { workflow, input: JSON.stringify(input), runId }),
    pause(part) {
      const pids = processesOf(child, part);
      if (pids.length === 0) throw new Error(`No process of this product is its ${part}.`);
      for (const pid of pids) process.kill(pid, "SIGSTOP");
      return {
        resume() {
          for (const pid of pids) process.kill(pid, "SIGCONT");
        },
      };
    },
    kill(part) {
      const pids = processesOf(child, part);
      if (pids.length === 0) throw new Error(`No process of this product is its ${part}.`);
      for (const pid of pids) process.kill(pid, "SIGKILL");
    },
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function post(address: string, input: unknown): Promise<void> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", "x-downbeat": "1" },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${address} was not done: ${await response.text()}`);
}

/** To the log of its first namespace. */
export function connectedTo({ logUrl, namespace }: Product): Connection {
  return connect(logUrl, { namespace, logger: false });
}

const mains = { engine: "apps/engine/src/main", server: "apps/server/src/main", web: "apps/web/serve" };

function processesOf({ pid }: ChildProcess, part: Part): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, child, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === pid && command.includes(mains[part]) ? [Number(child)] : [];
  });
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (data) => {
      said += data;
      if (said.includes("Downbeat is ready")) resolve();
    });
    child.once("exit", () => reject(new Error(`The product ended before it was ready:\n${said}`)));
  });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
