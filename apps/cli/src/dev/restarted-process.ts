import { type ChildProcess, fork } from "node:child_process";
import { z } from "zod";

export interface RestartedProcessOptions {
  readonly file: string;
  readonly args: readonly string[];
  /** @param isAgain it is not the first time */
  readonly onReady: (isAgain: boolean) => void;
  /** It ended before it was ready. @param words the last that it said */
  readonly onFailed: (words: string) => void;
}

const ready = z.object({ type: z.literal("ready") });
const killAfterMs = 5_000;
/** One that ended after it was ready. */
const againAfterMs = 1_000;
const mostWords = 2_000;

/** A process that is started again when it is told to, and when it ends after it was ready. */
export class RestartedProcess {
  readonly #o: RestartedProcessOptions;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #times = 0;
  #isStopped = false;
  /** Told to start again, while it still ends. */
  #isEnding = false;

  constructor(options: RestartedProcessOptions) {
    this.#o = options;
    this.#start();
  }

  restart(): void {
    if (this.#isEnding || this.#isStopped) return;
    this.#isEnding = true;
    void this.#end().then(() => {
      this.#isEnding = false;
      this.#start();
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#end();
  }

  #start(): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    const { file, args, onReady, onFailed } = this.#o;
    const child = fork(file, args, { stdio: ["ignore", "inherit", "pipe", "ipc"] });
    this.#child = child;
    let words = "";
    let isReady = false;
    child.stderr?.on("data", (chunk: Buffer) => {
      process.stderr.write(chunk);
      words = (words + chunk.toString()).slice(-mostWords);
    });
    child.on("message", (message: unknown) => {
      if (!ready.safeParse(message).success) return;
      isReady = true;
      onReady(this.#times++ > 0);
    });
    child.once("close", () => {
      if (this.#child !== child) return;
      this.#child = undefined;
      if (this.#isStopped || this.#isEnding) return;
      if (isReady) this.#timer = setTimeout(() => this.#start(), againAfterMs);
      else onFailed(words.trim());
    });
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    await ended;
    clearTimeout(late);
  }
}
