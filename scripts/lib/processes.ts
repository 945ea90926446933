import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ownRoot = join(import.meta.dirname, "..", "..");

export const engineMain = "apps/engine/src/main.ts";
export const serverMain = "apps/server/src/main.ts";
export const travelMain = "apps/travel/src/main.ts";

export interface Command {
  readonly name: string;
  /** Of the repository. */
  readonly main: string;
  /** Another checkout of it, with its packages, to start it from. */
  readonly root?: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly execArgv?: readonly string[];
}

/** What a process finds its programs and the native Pulsar client with, and whether it is to use that. */
function passedOn(): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE, LD_LIBRARY_PATH, DOWNBEAT_PULSAR_CLIENT, DOWNBEAT_PULSAR_BROKER_URL } =
    process.env;
  return {
    PATH,
    NODE_COMPILE_CACHE,
    ...(LD_LIBRARY_PATH !== undefined && { LD_LIBRARY_PATH }),
    ...(DOWNBEAT_PULSAR_CLIENT !== undefined && { DOWNBEAT_PULSAR_CLIENT }),
    ...(DOWNBEAT_PULSAR_BROKER_URL !== undefined && { DOWNBEAT_PULSAR_BROKER_URL }),
  };
}

/** Processes of our own, with a temporary folder for their data and for what they print. All are gone when this process is. */
export class Processes {
  readonly folder: string;
  readonly #running = new Map<string, ChildProcess>();

  constructor(what: string) {
    this.folder = mkdtempSync(join(tmpdir(), `downbeat-${what}-`));
    process.once("exit", () => {
      for (const child of this.#running.values()) child.kill("SIGKILL");
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  }

  start({ name, main, root = ownRoot, args = [], env, execArgv = [] }: Command): number {
    const output = createWriteStream(this.#outputOf(name), { flags: "a" });
    const child = fork(join(root, main), args, {
      cwd: root,
      env: { ...passedOn(), ...env },
      execArgv: [...execArgv],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child.stdout?.pipe(output, { end: false });
    child.stderr?.pipe(output, { end: false });
    this.#running.set(name, child);
    child.once("exit", () => {
      output.end();
      if (this.#running.get(name) === child) this.#running.delete(name);
    });
    return child.pid ?? 0;
  }

  get names(): readonly string[] {
    return [...this.#running.keys()];
  }

  pid(name: string): number | undefined {
    return this.#running.get(name)?.pid;
  }

  isRunning(name: string): boolean {
    return this.#running.has(name);
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.#running.get(name)?.kill(signal);
  }

  /** Ends the process and waits until it is gone. */
  async end(name: string, signal: NodeJS.Signals): Promise<void> {
    const child = this.#running.get(name);
    if (child === undefined) return;
    const gone = once(child, "exit");
    child.kill(signal);
    const stubborn = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await gone;
    clearTimeout(stubborn);
  }

  async endAll(): Promise<void> {
    await Promise.all(this.names.map((name) => this.end(name, "SIGTERM")));
  }

  /** The end of what the process has printed. */
  lastLines(name: string, count = 5): string {
    try {
      return readFileSync(this.#outputOf(name), "utf8").trimEnd().split("\n").slice(-count).join("\n");
    } catch {
      return "";
    }
  }

  #outputOf(name: string): string {
    return join(this.folder, `${name}.out`);
  }
}

/** Ports that nobody listens on at the moment, all different. */
export async function freePorts<Name extends string>(...names: Name[]): Promise<Record<Name, number>> {
  const servers = await Promise.all(
    names.map(async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Record<Name, number>;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @returns whether the condition came true in time */
export async function until(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 100,
): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) return false;
    await sleep(everyMs);
  }
  return true;
}

/** The answer's text when it is a good one. */
export async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    const text = await response.text();
    return response.ok ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Memory that a process holds now and has held at most, in MB. */
export function residentMb(pid: number): { readonly now: number; readonly most: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const mb = (field: string) =>
      Math.round(Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1]) / 1_024);
    return { now: mb("VmRSS"), most: mb("VmHWM") };
  } catch {
    return undefined;
  }
}

/** CPU seconds that a process has used. */
export function cpuSeconds(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

/** CPU seconds by the name of its threads: what V8 does in threads of its own (collecting garbage, compiling) is `V8Worker`. */
export function threadSeconds(pid: number): Record<string, number> {
  const seconds: Record<string, number> = {};
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
    // The name stands in brackets and may hold anything.
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    seconds[name] = (seconds[name] ?? 0) + (Number(fields[11]) + Number(fields[12])) / 100;
  }
  return seconds;
}
