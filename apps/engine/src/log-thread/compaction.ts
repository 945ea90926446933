import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { MessageLog } from "@downbeat/message-log";
import { servePort } from "@downbeat/message-log/port";
import type { KeepClosed, RecordKeysFile } from "@downbeat/protocol";
import type {
  CompactionThreadData,
  FromCompactionThread,
  HistoryTopic,
  ToCompactionThread,
} from "./compaction-messages.ts";

/** What one pass over all history partitions of the log has removed. */
export interface CompactionPass {
  readonly runs: number;
  readonly records: number;
  readonly bytes: number;
  readonly tookMs: number;
}

export interface CompactionOptions {
  readonly keep: KeepClosed;
  readonly recordKeys?: RecordKeysFile | undefined;
  /** The history partitions of the log, of all namespaces. */
  readonly topics: () => readonly HistoryTopic[];
  readonly connect: (topic: HistoryTopic) => MessageLog;
  readonly compact: (topic: HistoryTopic, messages: readonly ToPut[]) => Promise<void>;
  /** What else has become as old as closed runs that go, ms since the epoch. */
  readonly dropBefore: (time: number) => Promise<void>;
  readonly onPass: (pass: CompactionPass) => void;
  readonly onFailure: (reason: string) => void;
  /** Before the first pass. */
  readonly firstAfterMs?: number;
}

type ToPut = Extract<FromCompactionThread, { type: "compact" }>["messages"][number];

const usualFirstAfterMs = 30_000;
const longestPauseMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * Has closed runs removed from the log, an hour after the pass before, in a thread of its own that lives as long as a pass.
 *
 * A clock that is far ahead would have everything removed. So time goes on no faster here than it does, but for an hour, and where nothing in the log is as
 * young as what is kept when it is opened, the clock may be wrong: a day goes by first.
 */
export class Compaction {
  readonly #o: CompactionOptions;
  #timer: NodeJS.Timeout | undefined;
  #worker: Worker | undefined;
  #time: { readonly wall: number; readonly at: number } | undefined;
  #isStopped = false;

  constructor(options: CompactionOptions) {
    this.#o = options;
  }

  async start(): Promise<void> {
    const isYoung = await this.#isYoung();
    this.#time = { wall: Date.now(), at: performance.now() };
    this.#arm(isYoung ? (this.#o.firstAfterMs ?? usualFirstAfterMs) : dayMs);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#worker?.terminate();
  }

  async #isYoung(): Promise<boolean> {
    const { connect, keep, topics } = this.#o;
    const all = topics();
    for (const topic of all) {
      const log = connect(topic);
      const young = await log.positionAt(topic.topic, Date.now() - keep.closedMs).finally(() => log.close());
      if (young !== undefined) return true;
    }
    return all.length === 0;
  }

  #now(): number {
    const before = this.#time ?? { wall: Date.now(), at: performance.now() };
    const at = performance.now();
    const wall = Math.min(Date.now(), before.wall + (at - before.at) + longestPauseMs);
    this.#time = { wall, at };
    return wall;
  }

  #arm(wait: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      const began = performance.now();
      this.#pass()
        .then((done) => {
          if (done.records > 0 || done.runs > 0)
            this.#o.onPass({ ...done, tookMs: performance.now() - began });
        })
        .catch((error: unknown) => {
          if (!this.#isStopped) this.#o.onFailure(error instanceof Error ? error.message : String(error));
        })
        .finally(() => this.#arm(longestPauseMs));
    }, wait).unref();
  }

  #pass(): Promise<Omit<CompactionPass, "tookMs">> {
    const { connect, keep, topics } = this.#o;
    const now = this.#now();
    const endedBefore = now - keep.closedMs;
    const logs: MessageLog[] = [];
    const ports: MessagePort[] = [];
    const work = topics().map((topic) => {
      const { port1, port2 } = new MessageChannel();
      const log = connect(topic);
      servePort(log, port1);
      logs.push(log);
      ports.push(port2);
      return { ...topic, port: port2 };
    });
    const workerData: CompactionThreadData = {
      work,
      endedBefore,
      forgottenBefore: now - keep.idsMs,
      recordKeys: this.#o.recordKeys,
    };
    const worker = new Worker(new URL("./compaction-thread.ts", import.meta.url), {
      workerData,
      transferList: ports,
      name: "compaction",
    });
    this.#worker = worker;
    return new Promise<Omit<CompactionPass, "tookMs">>((resolve, reject) => {
      worker.on("message", (told: FromCompactionThread) => {
        if (told.type === "done") return resolve(told.pass);
        if (told.type === "failed") return reject(new Error(told.message));
        const answer = (message: ToCompactionThread) => worker.postMessage(message);
        this.#o.compact(told.topic, told.messages).then(
          () => answer({ id: told.id }),
          (error: unknown) =>
            answer({ id: told.id, error: error instanceof Error ? error.message : String(error) }),
        );
      });
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error("the thread that compacts the log has ended")));
    }).finally(async () => {
      this.#worker = undefined;
      await worker.terminate();
      await Promise.allSettled(logs.map((log) => log.close()));
      await this.#o.dropBefore(endedBefore);
    });
  }
}
