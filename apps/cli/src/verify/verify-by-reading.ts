import { checkedLog, type MessageLog, reconnectingReader } from "@downbeat/message-log";
import { type RecordKeys, topics } from "@downbeat/protocol";
import { CommandFailure } from "../failure.ts";
import { ChainCheck } from "./chain-check.ts";
import type { Findings } from "./findings.ts";

export interface NamedLog {
  readonly log: MessageLog;
  /** As people know it. */
  readonly address: string;
  /** `tenant/namespace` */
  readonly namespace: string;
  /** By which records are checked. */
  readonly keys?: RecordKeys | undefined;
}

/** Reads the history partitions of a namespace up to where they end now. */
export async function verifyByReading({
  log: unchecked,
  address,
  namespace,
  keys,
}: NamedLog): Promise<Findings> {
  const log = checkedLog(unchecked, keys?.of(namespace).proofOf);
  const count = await log.partitionsOf("history");
  if (count === 0) throw new CommandFailure("notFound", `There is no history in ${namespace} at ${address}.`);
  const names = Array.from({ length: count }, (_, partition) => topics.history(partition));
  const checks = await Promise.all(
    names.map(async (topic) => {
      const check = new ChainCheck(`${namespace}/${topic}`);
      await readToEnd(log, topic, check);
      return { partition: `${namespace}/${topic}`, check };
    }),
  );
  return {
    log: address,
    messages: checks.reduce((sum, { check }) => sum + check.counts.records, 0),
    partitions: checks.map(({ partition, check }) => ({ partition, ...check.counts })),
    checked: keys !== undefined,
    problems: checks.flatMap(({ check }) => check.problems),
  };
}

async function readToEnd(log: MessageLog, topic: string, check: ChainCheck): Promise<void> {
  const end = await log.lastPosition(topic);
  if (end === undefined) return;
  const done = Promise.withResolvers<void>();
  let isDone = false;
  const reader = reconnectingReader(log, topic, {
    from: "earliest",
    onMessage: (message) => {
      if (isDone) return;
      check.take(message);
      if (message.position < end) return;
      isDone = true;
      done.resolve();
    },
    onClose: (reason) => done.reject(reason ?? new Error(`Reading ${topic} ended.`)),
  });
  await done.promise;
  await reader.close();
}
