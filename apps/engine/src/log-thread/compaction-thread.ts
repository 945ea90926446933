import { setTimeout } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { type CompactedMessage, HistoryCompaction } from "@downbeat/engine/compaction";
import { checkedLog } from "@downbeat/message-log";
import { logOverPort } from "@downbeat/message-log/port";
import { formatNamespaceName, RecordKeys } from "@downbeat/protocol";
import type {
  CompactionThreadData,
  FromCompactionThread,
  HistoryTopic,
  ToCompactionThread,
} from "./compaction-messages.ts";

/** The thread in which a pass reads history and finds out what goes: the log's own thread has only messages to pass on. */

// Written by `compaction.ts`, of this same process.
const { work, endedBefore, forgottenBefore, recordKeys } = workerData as CompactionThreadData;
const tell = (message: FromCompactionThread): void => parentPort?.postMessage(message);

/** Between two transactions, so that whoever waits for the log comes first. */
const pauseMs = 5;
const waiting = new Map<number, (answer: ToCompactionThread) => void>();
let asked = 0;

parentPort?.on("message", (answer: ToCompactionThread) => {
  waiting.get(answer.id)?.(answer);
  waiting.delete(answer.id);
});

async function compact(
  { tenant, namespace, topic }: HistoryTopic,
  messages: readonly CompactedMessage[],
): Promise<void> {
  const id = ++asked;
  const answered = new Promise<ToCompactionThread>((resolve) => waiting.set(id, resolve));
  tell({ type: "compact", id, topic: { tenant, namespace, topic }, messages });
  const { error } = await answered;
  if (error !== undefined) throw new Error(error);
}

async function main(): Promise<void> {
  const pass = { runs: 0, records: 0, bytes: 0 };
  const known = recordKeys === undefined ? undefined : new RecordKeys(recordKeys);
  for (const { port, ...topic } of work) {
    const keys = known?.of(formatNamespaceName(topic));
    const log = checkedLog(logOverPort(port), keys?.proofOf);
    const done = await new HistoryCompaction({
      log,
      keys,
      topic: topic.topic,
      compact: (messages) => compact(topic, messages),
      endedBefore,
      forgottenBefore,
      pause: () => setTimeout(pauseMs),
    }).run();
    await log.close();
    pass.runs += done.runs;
    pass.records += done.records;
    pass.bytes += done.bytes;
  }
  tell({ type: "done", pass });
}

main().catch((error: unknown) =>
  tell({ type: "failed", message: error instanceof Error ? error.message : String(error) }),
);
