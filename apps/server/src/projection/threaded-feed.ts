import { Worker } from "node:worker_threads";
import type { BackfillPart, Flushed, ProjectionFeed, ProjectionStatus } from "@downbeat/read-model";
import type { Freshness } from "@downbeat/read-model/views";
import type { FromThread, ThreadData, ThreadState, ToThread } from "./thread-messages.ts";

/** The cache could not be opened. */
export class NotOpened extends Error {
  override readonly name = "NotOpened";
  readonly reason: "inUse" | "other";

  constructor(reason: "inUse" | "other", message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface ThreadedFeedOptions extends ThreadData {
  readonly onNotice: (sentence: string) => void;
  /** The thread is gone or can't go on: this feed has to be closed, and another one opened. */
  readonly onFailure: (error: Error) => void;
}

const silentAfterMs = 5_000;
const closeWithinMs = 1_500;

/** The projection as seen from the thread that answers questions. */
export class ThreadedFeed implements ProjectionFeed {
  readonly #options: ThreadedFeedOptions;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #flushed = new Set<(flushed: Flushed) => void>();
  readonly #rebuilt = new Set<(reason: string) => void>();
  readonly #backfilled = new Map<number, () => void>();
  #supplies = 0;
  #state: ThreadState;
  #heardAt = Date.now();
  #closing = false;

  /** Resolves when the cache is open. Rejects with `NotOpened`. */
  static open(options: ThreadedFeedOptions): Promise<ThreadedFeed> {
    const { log, path, hotWindowMs, keepClosed, beginsWithHotWindow } = options;
    const workerData: ThreadData = { log, path, hotWindowMs, keepClosed, beginsWithHotWindow };
    const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData });
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        worker.off("error", reject);
        worker.off("message", hear);
      };
      const hear = (message: FromThread): void => {
        if (message.type === "notice") return options.onNotice(message.sentence);
        if (message.type === "opened") {
          settle();
          resolve(new ThreadedFeed(worker, message.state, options));
        } else if (message.type === "notOpened") {
          settle();
          void worker.terminate();
          reject(new NotOpened(message.reason, message.message));
        }
      };
      worker.on("error", reject);
      worker.on("message", hear);
    });
  }

  private constructor(worker: Worker, state: ThreadState, options: ThreadedFeedOptions) {
    this.#worker = worker;
    this.#state = state;
    this.#options = options;
    this.#ended = new Promise((resolve) => worker.once("exit", () => resolve()));
    worker.on("message", (message: FromThread) => this.#hear(message));
    worker.on("error", (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => this.#fail(new Error("The projection's thread has ended.")));
  }

  get generation(): string {
    return this.#state.generation;
  }

  get change(): number {
    return this.#state.change;
  }

  freshness(): Freshness {
    if (Date.now() - this.#heardAt <= silentAfterMs) return this.#state.freshness;
    return {
      ...this.#state.freshness,
      live: false,
      note: "The projection has been silent for some seconds; what is shown may be old.",
    };
  }

  status(): ProjectionStatus {
    return this.#state.status;
  }

  onFlushed(listener: (flushed: Flushed) => void): () => void {
    this.#flushed.add(listener);
    return () => this.#flushed.delete(listener);
  }

  onRebuilt(listener: (reason: string) => void): () => void {
    this.#rebuilt.add(listener);
    return () => this.#rebuilt.delete(listener);
  }

  backfill(part: BackfillPart): Promise<void> {
    const id = ++this.#supplies;
    return new Promise((resolve) => {
      this.#backfilled.set(id, resolve);
      this.#worker.postMessage({ type: "backfill", id, part } satisfies ToThread);
      // A thread that has ended answers nothing; what it did not write is asked for again.
      void this.#ended.then(() => resolve());
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#worker.postMessage({ type: "close" } satisfies ToThread);
    const timer = setTimeout(() => void this.#worker.terminate(), closeWithinMs);
    await this.#ended;
    clearTimeout(timer);
  }

  #hear(message: FromThread): void {
    this.#heardAt = Date.now();
    if ("state" in message) this.#state = message.state;
    switch (message.type) {
      case "flushed":
        for (const listener of this.#flushed) listener(message.flushed);
        return;
      case "rebuilt":
        for (const listener of this.#rebuilt) listener(message.reason);
        return;
      case "backfilled":
        this.#backfilled.get(message.id)?.();
        this.#backfilled.delete(message.id);
        return;
      case "notice":
        return this.#options.onNotice(message.sentence);
      case "failed":
        return this.#fail(new Error(message.message));
      case "opened":
      case "notOpened":
      case "state":
        return;
    }
  }

  #fail(error: Error): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#options.onFailure(error);
  }
}
