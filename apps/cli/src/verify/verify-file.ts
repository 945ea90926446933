import { join, resolve } from "node:path";
import { damageOf } from "@downbeat/message-log";
import type { RecordKeys } from "@downbeat/protocol";
import { EmbeddedLogOpenError, LogFile, logFileName } from "../wiring.ts";
import { ChainCheck } from "./chain-check.ts";
import type { Findings, PartitionFinding } from "./findings.ts";

const historyPartition = /^history-partition-\d+$/;

/**
 * Looks at every page and every message of a log at rest.
 *
 * @param directory a data directory or a backup
 * @param keys by which records of history are checked
 * @throws EmbeddedLogOpenError when there is no log, or it is in use
 */
export async function verifyFile(directory: string, keys?: RecordKeys): Promise<Findings> {
  const file = LogFile.open(join(resolve(directory), logFileName));
  try {
    const structure = file.structure().map((line) => `${file.file} is damaged: ${line}`);
    const problems = [...(file.loss === undefined ? [] : [file.loss]), ...structure];
    try {
      return await verifyMessages(file, problems, keys);
    } catch (error) {
      if (!isOfDamage(error)) throw error;
      return {
        log: file.file,
        messages: 0,
        partitions: [],
        checked: false,
        problems: [...problems, (error as Error).message],
      };
    }
  } finally {
    file.close();
  }
}

async function verifyMessages(
  file: LogFile,
  known: readonly string[],
  keys: RecordKeys | undefined,
): Promise<Findings> {
  const problems = [...known, ...file.damage];
  const partitions: PartitionFinding[] = [];
  let messages = 0;
  for (const place of file.topics()) {
    const name = `${place.tenant}/${place.namespace}/${place.topic}`;
    const chain = historyPartition.test(place.topic) ? new ChainCheck(name) : undefined;
    const history = keys?.of(`${place.tenant}/${place.namespace}`);
    for await (const message of file.messages(place)) {
      messages += 1;
      const damage = damageOf(message);
      const proof = history?.proofOf(place.topic, message);
      if (chain !== undefined) chain.take(proof === undefined ? message : { ...message, proof });
      else if (damage !== undefined) problems.push(damage);
    }
    if (chain === undefined) continue;
    partitions.push({ partition: name, ...chain.counts });
    problems.push(...chain.problems);
  }
  partitions.sort((a, b) => a.partition.localeCompare(b.partition, "en", { numeric: true }));
  return { log: file.file, messages, partitions, checked: keys !== undefined, problems };
}

function isOfDamage(error: unknown): boolean {
  return error instanceof EmbeddedLogOpenError || (error instanceof Error && "errcode" in error);
}
