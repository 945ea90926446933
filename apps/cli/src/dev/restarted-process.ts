import { type ChildProcess, fork } from "node:child_process";
import { z } from "zod";

export interface RestartedProcessOptions {
  readonly file: string;
  readonly args: readonly string[];
  /** @param isAgain it is not the first time */
  readonly onReady: (isAgain: boolean) => void;
  /** It said why it can't begin. @param words the last that it said, which is shown nowhere else */
  readonly onFailed: (words: string) => void;
  /** It is not ready after long. */
  readonly onSlow: (seconds: number) => void;
  /** It ended otherwise, and is started again. @param how in words */
  readonly onEnded: (how: string, againAfterMs: number) => void;
}

const ready = z.object({ type: z.literal("ready") });
const killAfterMs = 5_000;
/** One that ended after it was ready, or that was killed: twice as long each time in a row. */
const againAfterMs = 1_000;
const longestPauseMs = 30_000;
/** Who lived so long ends for another reason than the one before. */
const longLifeMs = 60_000;
const mostWords = 2_000;
const mostHeld = 100_000;
const slowAfterMs = 15_000;

/** A process that is started again when it is told to, and when it ends after it was ready or is killed. */
export class RestartedProcess {
  readonly #o: RestartedProcessOptions;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #times = 0;
  #endsInARow = 0;
  #isStopped = false;
  /** Told to start again, while it still ends. */
  #isEnding = false;

  constructor(options: RestartedProcessOptions) {
    this.#o = options;
    this.#start();
  }

  restart(): void {
    if (this.#isEnding || this.#isStopped) return;
    this.#endsInARow = 0;
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
    const { file, args, onReady, onFailed, onSlow } = this.#o;
    const startedAt = performance.now();
    const child = fork(file, args, {
      // What was compiled is told by the files and lines that people wrote.
      execArgv: [...process.execArgv, "--enable-source-maps"],
      stdio: ["ignore", "inherit", "pipe", "ipc"],
    });
    this.#child = child;
    const words = new HeldWords();
    let isReady = false;
    const slow = setTimeout(() => {
      words.show();
      onSlow(slowAfterMs / 1_000);
    }, slowAfterMs);
    child.stderr?.on("data", (chunk: Buffer) => words.take(chunk));
    child.on("message", (message: unknown) => {
      if (!ready.safeParse(message).success) return;
      isReady = true;
      words.show();
      clearTimeout(slow);
      onReady(this.#times++ > 0);
    });
    child.once("close", (status, signal) => {
      clearTimeout(slow);
      const isOwn = this.#child === child;
      if (isOwn) this.#child = undefined;
      const isWanted = isOwn && !this.#isStopped && !this.#isEnding;
      // Of one that was ready before it is not its code that can't be loaded: what ended it may be asked of it again at once.
      if (isWanted && !isReady && signal === null && this.#endsInARow === 0)
        return onFailed(words.drain() || `ended with exit status ${status}.`);
      words.show();
      if (!isWanted) return;
      this.#startAgain(endWords(status, signal), performance.now() - startedAt);
    });
  }

  #startAgain(how: string, livedMs: number): void {
    this.#endsInARow = livedMs > longLifeMs ? 1 : this.#endsInARow + 1;
    const pauseMs = Math.min(againAfterMs * 2 ** (this.#endsInARow - 1), longestPauseMs);
    this.#o.onEnded(how, pauseMs);
    this.#timer = setTimeout(() => this.#start(), pauseMs);
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

/** What a process says on stderr: held until it is known whether it is told with the reason why the process can't begin, then shown as it comes. */
class HeldWords {
  #held = "";
  #isShown = false;

  take(chunk: Buffer): void {
    if (this.#isShown) process.stderr.write(chunk);
    else this.#held += chunk.toString();
    // Whoever says so much would be heard too late, or take the memory.
    if (this.#held.length > mostHeld) this.show();
  }

  show(): void {
    this.#isShown = true;
    process.stderr.write(this.#held);
    this.#held = "";
  }

  /** The last of what is held; what is before it is shown. */
  drain(): string {
    const words = this.#held.slice(-mostWords);
    this.#held = this.#held.slice(0, -mostWords);
    this.show();
    return words.trim();
  }
}

function endWords(status: number | null, signal: NodeJS.Signals | null): string {
  if (signal === null) return `ended with exit status ${status}`;
  const perhaps = signal === "SIGKILL" ? " (by the system, perhaps, for want of memory)" : "";
  return `was ended by ${signal}${perhaps}`;
}
