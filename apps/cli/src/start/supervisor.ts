import { type ChildProcess, fork } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export interface ProcessSpec {
  readonly name: string;
  readonly file: string;
  readonly args?: readonly string[];
  /** Options of Node itself. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a process says of itself. */
const word = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("waiting"), why: z.string() }),
]);

interface Kept {
  readonly spec: ProcessSpec;
  child: ChildProcess | undefined;
  failures: number;
}

const restartAfterMs = [200, 1_000, 3_000, 10_000];
const killAfterMs = 8_000;

/** Keeps processes running: one that ends is started again, a little later each time it fails soon. Their output goes to a file each. */
export class Supervisor {
  readonly #logs: string;
  readonly #say: (line: string) => void;
  readonly #env: NodeJS.ProcessEnv;
  readonly #kept: Kept[] = [];
  #stopping = false;

  constructor(logs: string, env: NodeJS.ProcessEnv, say: (line: string) => void) {
    this.#logs = logs;
    this.#env = env;
    this.#say = say;
    mkdirSync(logs, { recursive: true });
  }

  logFile(name: string): string {
    return join(this.#logs, `${name}.log`);
  }

  /** Resolves when the process says it is ready; rejects with its last words when it ends before. */
  async start(spec: ProcessSpec): Promise<void> {
    const kept: Kept = { spec, child: undefined, failures: 0 };
    this.#kept.push(kept);
    // Earlier runs have written there too, and their last words are not this one's.
    const from = statSync(this.logFile(spec.name), { throwIfNoEntry: false })?.size ?? 0;
    await new Promise<void>((resolve, reject) => {
      const child = this.#spawn(kept);
      const told = new Set<string>();
      child.on("message", (message: unknown) => {
        const { data } = word.safeParse(message);
        if (data?.type === "ready") resolve();
        if (data?.type !== "waiting" || told.has(data.why)) return;
        told.add(data.why);
        this.#say(`The ${spec.name} waits. ${data.why}`);
      });
      child.once("close", (code) => reject(new Error(this.#lastWords(spec.name, from, code))));
    });
    kept.child?.on("exit", (code, signal) => this.#again(kept, code, signal));
    // It may have ended between saying so and now.
    if (kept.child?.exitCode !== null) this.#again(kept, kept.child?.exitCode ?? null, null);
  }

  /** Starts without waiting for a word of readiness. */
  startSilently(spec: ProcessSpec): void {
    const kept: Kept = { spec, child: undefined, failures: 0 };
    this.#kept.push(kept);
    this.#spawn(kept).once("exit", (code, signal) => this.#again(kept, code, signal));
  }

  /** Ends them, the last started first, each before the next. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const { child } of this.#kept.toReversed()) {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
      await ended;
      clearTimeout(timer);
    }
  }

  #spawn(kept: Kept): ChildProcess {
    const { name, file, args = [], nodeArgs = [], env = {} } = kept.spec;
    const output = createWriteStream(this.logFile(name), { flags: "a" });
    // Detached, so that Ctrl-C reaches this process alone; the channel tells the child when this process is gone, however it went.
    const child = fork(file, args, {
      env: { ...this.#env, ...env },
      execArgv: [...nodeArgs],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
    });
    child.stdout?.pipe(output, { end: false });
    child.stderr?.pipe(output, { end: false });
    child.once("close", () => output.end());
    kept.child = child;
    return child;
  }

  #again(kept: Kept, code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#stopping) return;
    const wait = restartAfterMs[Math.min(kept.failures, restartAfterMs.length - 1)] ?? 10_000;
    kept.failures += 1;
    this.#say(
      `${kept.spec.name} ended (${signal ?? `exit status ${code}`}); it is started again. See ${this.logFile(kept.spec.name)}`,
    );
    setTimeout(() => {
      if (this.#stopping) return;
      const child = this.#spawn(kept);
      const settled = setTimeout(() => {
        kept.failures = 0;
      }, 30_000);
      settled.unref();
      child.once("exit", (nextCode, nextSignal) => {
        clearTimeout(settled);
        this.#again(kept, nextCode, nextSignal);
      });
    }, wait);
  }

  #lastWords(name: string, from: number, code: number | null): string {
    const lines = readFileSync(this.logFile(name)).subarray(from).toString("utf8").trim().split("\n");
    const plain = lines.filter((line) => line !== "" && !line.startsWith("{")).slice(-3);
    return plain.length > 0
      ? plain.join("\n")
      : `${name} ended with exit status ${code}. See ${this.logFile(name)}`;
  }
}
