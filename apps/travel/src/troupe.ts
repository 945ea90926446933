import { type ChildProcess, fork } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import type { Logger } from "pino";

const restartAfterMs = 1_000;

/** Every service in a process of its own. One that ends is started again, until all are told to stop. */
export class Troupe {
  readonly #main: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #logger: Logger;
  readonly #children = new Set<ChildProcess>();
  readonly #ready = new Map<string, PromiseWithResolvers<void>>();
  #stopping = false;

  constructor(main: string, env: Readonly<Record<string, string>>, logger: Logger) {
    this.#main = main;
    this.#env = env;
    this.#logger = logger;
  }

  start(...command: string[]): void {
    // The channel tells the child when this process is gone, however it went.
    const child = fork(this.#main, command, {
      env: this.#env,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#children.add(child);
    const name = command.join(" ");
    const ready = this.#ready.get(name) ?? Promise.withResolvers<void>();
    this.#ready.set(name, ready);
    child.on("message", () => ready.resolve());
    child.once("exit", (code, signal) => {
      this.#children.delete(child);
      if (this.#stopping || code === 0) return;
      this.#logger.warn(`${command[0]} ended with ${signal ?? code}; it is started again`);
      setTimeout(() => {
        if (!this.#stopping) this.start(...command);
      }, restartAfterMs);
    });
  }

  /** Resolves when all that have to say so are ready. */
  async readyOf(...names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.#ready.get(name)?.promise));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const ended = Array.from(
      this.#children,
      (child) => new Promise((resolve) => child.once("exit", resolve)),
    );
    for (const child of this.#children) child.kill("SIGTERM");
    await Promise.all(ended);
  }
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
