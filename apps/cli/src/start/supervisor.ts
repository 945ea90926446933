import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { envFor, type Purpose } from "./env.ts";
import { LogFile } from "./log-file.ts";

export interface ProcessSpec {
  readonly name: string;
  /** Which of this process's variables it is told. */
  readonly purpose: Purpose;
  readonly file: string;
  readonly args?: readonly string[];
  /** Options of Node itself. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Takes what it writes, beside its file: then its notices come that way, and aren't said once more. */
  readonly onOutput?: (piece: string) => void;
}

/** What a process says of itself. */
const word = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("waiting"), why: z.string() }),
  z.object({ type: z.literal("notice"), sentence: z.string() }),
  /** What it worked on is no longer there: it must not be started again. */
  z.object({ type: z.literal("gone"), why: z.string() }),
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
  readonly #onGone: (why: string) => void;
  readonly #kept: Kept[] = [];
  #stopping = false;

  /** @param onGone told when a process can't be started again, because what it worked on is gone; everything should end then */
  constructor(
    logs: string,
    env: NodeJS.ProcessEnv,
    say: (line: string) => void,
    onGone: (why: string) => void,
  ) {
    this.#logs = logs;
    this.#env = env;
    this.#say = say;
    this.#onGone = onGone;
    mkdirSync(logs, { recursive: true, mode: 0o700 });
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
      child.on("message", (message: unknown) => {
        if (word.safeParse(message).data?.type === "ready") resolve();
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
    const { name, purpose, file, args = [], nodeArgs = [], env = {} } = kept.spec;
    const output = new LogFile({ path: this.logFile(name), onTrouble: this.#say });
    // Detached, so that Ctrl-C reaches this process alone; the channel tells the child when this process is gone, however it went.
    const child = fork(file, args, {
      env: { ...envFor(purpose, this.#env), ...env },
      // Node 22 warns that its SQLite is new.
      execArgv: ["--disable-warning=ExperimentalWarning", ...nodeArgs],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      // A character may be in two pieces.
      const text = new TextDecoder();
      stream?.on("data", (chunk: Buffer) => {
        output.write(chunk);
        kept.spec.onOutput?.(text.decode(chunk, { stream: true }));
      });
    }
    child.once("close", () => output.close());
    kept.child = child;
    this.#listen(kept, child);
    return child;
  }

  #listen({ spec }: Kept, child: ChildProcess): void {
    const told = new Set<string>();
    child.on("message", (message: unknown) => {
      const { data } = word.safeParse(message);
      switch (data?.type) {
        case "notice":
          if (spec.onOutput === undefined) this.#say(`${spec.name}: ${data.sentence}`);
          return;
        case "waiting":
          if (!told.has(data.why)) this.#say(`The ${spec.name} waits. ${data.why}`);
          told.add(data.why);
          return;
        case "gone":
          this.#stopping = true;
          return this.#onGone(data.why);
        default:
          return;
      }
    });
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
    const lines = written(this.logFile(name)).subarray(from).toString("utf8").trim().split("\n");
    const plain = lines.filter((line) => line !== "" && !line.startsWith("{")).slice(-3);
    return plain.length > 0
      ? plain.join("\n")
      : `${name} ended with exit status ${code}. See ${this.logFile(name)}`;
  }
}

/** Nothing, where the file is gone. */
function written(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
