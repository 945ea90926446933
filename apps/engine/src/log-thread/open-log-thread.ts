import { MessageChannel, Worker } from "node:worker_threads";
import type { MessageLog } from "@downbeat/message-log";
import { logOverPort } from "@downbeat/message-log/port";
import type { LogListeners } from "../wiring.ts";
import type { FromLogThread, LogThreadData } from "./messages.ts";

export interface LogThread {
  /** Shows what is appended before it is durable: for what lives and dies with this process. */
  readonly log: MessageLog;
  /** Shows only what is durable. */
  readonly witnessLog: MessageLog;
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens the embedded log in a thread of its own.
 *
 * @throws Error that says what to do, when the file can't be opened or the port is in use
 */
export async function openLogThread(
  data: Omit<LogThreadData, "engine" | "witness">,
  listeners: LogListeners,
): Promise<LogThread> {
  const engine = new MessageChannel();
  const witness = new MessageChannel();
  const workerData: LogThreadData = { ...data, engine: engine.port1, witness: witness.port1 };
  const worker = new Worker(new URL("./wiring.ts", import.meta.url), {
    workerData,
    transferList: [engine.port1, witness.port1],
    name: "log",
  });
  let onClosed: () => void = () => {};
  let isClosing = false;
  const url = await new Promise<string>((resolve, reject) => {
    // What the thread doesn't say itself: it ended of an error of ours.
    const onEnd = (error: Error): void => {
      reject(error);
      onClosed();
      if (!isClosing) listeners.onFatal(error, "other");
    };
    worker.on("error", (error) => onEnd(error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => onEnd(new Error("The log's thread has ended.")));
    worker.on("message", (told: FromLogThread) => {
      switch (told.type) {
        case "open":
          return resolve(told.url);
        case "refused":
          isClosing = true;
          reject(new Error(told.message));
          return void worker.terminate();
        case "fatal":
          isClosing = true;
          return listeners.onFatal(new Error(told.message), told.trouble);
        case "notice":
          return listeners.onNotice(told.sentence);
        case "damaged":
          return listeners.onDamaged(told.damage);
        case "full":
          return listeners.onFull(told.is, told.sentence);
        case "compacted":
          return listeners.onCompacted(told.pass);
        case "notCompacted":
          return listeners.onNotCompacted(told.reason);
        case "closed":
          return onClosed();
      }
    });
  });
  const log = logOverPort(engine.port2);
  const witnessLog = logOverPort(witness.port2);
  const close = async () => {
    isClosing = true;
    await Promise.allSettled([log.close(), witnessLog.close()]);
    const closed = new Promise<void>((resolve) => {
      onClosed = resolve;
    });
    worker.postMessage("close");
    await closed;
    await worker.terminate();
  };
  return { log, witnessLog, url, close };
}
