import { Worker } from "node:worker_threads";
import { EmbeddedLogOpenError } from "../open-error.ts";
import type { CommitBatch, CompactedRow, StoredRows, StoredState } from "./batch.ts";
import type { OpenOptions } from "./sqlite-engine.ts";
import type { Storage } from "./storage.ts";
import { StorageError } from "./storage-error.ts";
import type { Answer, Reply, Request, Unasked } from "./thread-messages.ts";

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

type Unnumbered<R> = R extends Request ? Omit<R, "id"> : never;

/** The file in a thread of its own. */
export class ThreadedStorage implements Storage {
  readonly state: StoredState;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #closing = false;
  #unwritten: CommitBatch | undefined;
  #broken: Error | undefined;
  onBroken: (error: Error) => void = () => {};

  static open(file: string, options: OpenOptions = {}): Promise<ThreadedStorage> {
    const worker = new Worker(new URL("./storage-thread.ts", import.meta.url), {
      workerData: { file, options },
      name: "log-storage",
    });
    return new Promise((resolve, reject) => {
      worker.once("error", reject);
      worker.once("message", (reply: Reply) => {
        worker.off("error", reject);
        if (reply.type === "opened") return resolve(new ThreadedStorage(worker, reply.state));
        void worker.terminate();
        reject(refusal(reply));
      });
    });
  }

  private constructor(worker: Worker, state: StoredState) {
    this.state = state;
    this.#worker = worker;
    worker.on("message", (answer: Answer | Unasked) => {
      if (answer.type === "broken") this.#break(new StorageError(answer.trouble, answer.message));
      else this.#onAnswer(answer);
    });
    worker.on("error", (error) => this.#break(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => this.#break(new Error("The storage thread ended")));
  }

  async commit(batch: CommitBatch): Promise<void> {
    // The thread has kept it: its bytes were handed over.
    const again = batch === this.#unwritten;
    this.#unwritten = batch;
    if (again) await this.#ask({ type: "commit" });
    else await this.#ask({ type: "commit", batch }, [batch.appends.bytes.buffer as ArrayBuffer]);
    this.#unwritten = undefined;
  }

  async read(topic: number, from: number, to: number, limit: number, maxBytes: number): Promise<StoredRows> {
    return rowsOf(await this.#ask({ type: "read", topic, from, to, limit, maxBytes }));
  }

  async fetch(topic: number, entries: readonly number[]): Promise<StoredRows> {
    return rowsOf(await this.#ask({ type: "fetch", topic, entries }));
  }

  async count(topic: number, from: number, to: number): Promise<number> {
    const answer = await this.#ask({ type: "count", topic, from, to });
    if (answer.type !== "count") throw new Error(`Unexpected answer ${answer.type} of the storage thread`);
    return answer.count;
  }

  async compact(topic: number, rows: readonly CompactedRow[]): Promise<void> {
    await this.#ask({ type: "compact", topic, rows });
  }

  async backUp(file: string): Promise<void> {
    await this.#ask({ type: "backUp", file });
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#broken === undefined) await this.#ask({ type: "close" });
    await this.#worker.terminate();
  }

  #ask(request: Unnumbered<Request>, transfer: ArrayBuffer[] = []): Promise<Answer> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...request, id }, transfer);
    });
  }

  #onAnswer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.type === "failed") waiting?.reject(new StorageError(answer.trouble, answer.message));
    else waiting?.resolve(answer);
  }

  #break(error: Error): void {
    if (this.#broken !== undefined) return;
    this.#broken = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (!this.#closing) this.onBroken(error);
  }
}

function refusal(reply: Reply): Error {
  if (reply.type !== "refused")
    return new Error(`Unexpected first message ${reply.type} of the storage thread`);
  return reply.explained ? new EmbeddedLogOpenError(reply.message) : new Error(reply.message);
}

function rowsOf(answer: Answer): StoredRows {
  if (answer.type !== "rows") throw new Error(`Unexpected answer ${answer.type} of the storage thread`);
  return answer.rows;
}
