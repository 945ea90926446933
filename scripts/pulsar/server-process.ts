import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";

export interface ServerCommand {
  /** In sentences: "The broker". */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Asked again and again until it says yes. */
  readonly isReady: () => Promise<boolean>;
}

const readyWithinMs = 300_000;
const stopWithinMs = 20_000;

/** A server in a process of its own that is gone when this one is. */
export class ServerProcess {
  readonly #command: ServerCommand;
  #child: ChildProcess | undefined;

  constructor(command: ServerCommand) {
    this.#command = command;
    process.once("exit", () => this.#child?.kill("SIGKILL"));
  }

  /** @throws Error with its last words when it ends before it is ready */
  async start(): Promise<void> {
    const { name, program, args, cwd, env, logFile, isReady } = this.#command;
    const log = openSync(logFile, "a");
    // A group of its own: Ctrl-C reaches this process, which stops it in order.
    const child = spawn(program, [...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    const gone = once(child, "exit").then(() => true);
    const deadline = Date.now() + readyWithinMs;
    while (!(await isReady().catch(() => false))) {
      const isGone = await Promise.race([
        gone,
        new Promise<false>((resolve) => setTimeout(resolve, 250, false)),
      ]);
      if (isGone)
        throw new Error(
          `${name} ended before it was ready. It said:\n${lastLines(logFile)}\nAll of it: ${logFile}`,
        );
      if (Date.now() < deadline) continue;
      await this.kill();
      throw new Error(`${name} was not ready within ${readyWithinMs / 1_000} s. See ${logFile}`);
    }
  }

  /** Resolves when the process is gone, whoever ended it. */
  async ended(): Promise<void> {
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null)
      await once(child, "exit");
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** In order; by force when it takes too long. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    const impatient = setTimeout(() => this.#child?.kill("SIGKILL"), stopWithinMs);
    await this.ended();
    clearTimeout(impatient);
  }

  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.ended();
  }
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-8).join("\n");
}
