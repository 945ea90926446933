import { parentPort, workerData } from "node:worker_threads";
import { type EmbeddedLog, LogToken, noteToken, openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { servePort } from "@downbeat/message-log/port";
import { type KeepClosed, topics } from "@downbeat/protocol";
import { Compaction } from "./compaction.ts";
import type { FromLogThread, LogThreadData } from "./messages.ts";

/** The thread that keeps the embedded log and serves it: workflow code that never ends stands in the engine's own thread, and nowhere else. */

// Written by `open-log-thread.ts`, of this same process.
const given = workerData as LogThreadData;
const historyPartition = /^history-partition-\d+$/;
const tell = (message: FromLogThread): void => parentPort?.postMessage(message);

async function main(): Promise<void> {
  const log = await openEmbeddedLog({
    file: given.file,
    acceptLoss: given.acceptLoss,
    onFatal: ({ message }, trouble) => tell({ type: "fatal", message, trouble }),
    onDamaged: (damage) => tell({ type: "damaged", damage }),
    onFull: (is, sentence) => tell({ type: "full", is, sentence }),
  });
  const { tenant, namespace, operatorToken, port, tokenFile } = given;
  const onTrouble = (sentence: string) => tell({ type: "notice", sentence });
  const token = tokenFile === undefined ? undefined : LogToken.in(tokenFile, { onTrouble });
  servePort(log.connect({ tenant, namespace, deliver: "beforeCommit" }), given.engine);
  servePort(log.connect({ tenant, namespace }), given.witness);
  const compaction = given.keepClosed === undefined ? undefined : compactionOf(log, given.keepClosed);
  // Before anything is appended: it looks at how young the log is.
  await compaction?.start();
  const server = await serve(log, { port, token, operatorToken });
  // Before anything is answered, as nothing was waited for since it listens: nobody is refused for want of the note.
  const forget = token === undefined ? () => {} : note(server.url, token.file);
  parentPort?.once("message", () => {
    forget();
    Promise.all([compaction?.stop(), server.close()])
      .then(() => log.close())
      .finally(() => tell({ type: "closed" }));
  });
  setInterval(() => void dropCalledOff(log), calledOffMs).unref();
  tell({ type: "open", url: server.url });
}

function note(url: string, tokenFile: string): () => void {
  try {
    return noteToken(url, tokenFile);
  } catch (error) {
    const sentence = `Programs of yours that run in other folders won't find the log's token by themselves (${(error as Error).message}): give them DOWNBEAT_PULSAR_TOKEN_FILE=${tokenFile}.`;
    tell({ type: "notice", sentence });
    return () => {};
  }
}

/** Nobody reads it later, and no subscription says so. */
async function dropCalledOff(log: EmbeddedLog): Promise<void> {
  const before = Date.now() - calledOffMs;
  for (const { tenant, namespace, topic } of log.topics()) {
    if (topic !== topics.calledOff) continue;
    // The next time does it.
    await log.dropBefore(`${tenant}/${namespace}`, topic, before).catch(() => {});
  }
}

const calledOffMs = 3_600_000;

function compactionOf(log: EmbeddedLog, keep: KeepClosed): Compaction {
  return new Compaction({
    keep,
    recordKeys: given.recordKeys,
    topics: () => log.topics().filter(({ topic }) => historyPartition.test(topic)),
    connect: ({ tenant, namespace }) => log.connect({ tenant, namespace }),
    compact: ({ tenant, namespace, topic }, messages) =>
      log.compact(`${tenant}/${namespace}`, topic, messages),
    dropBefore: async (time) => {
      for (const { tenant, namespace, topic } of log.topics())
        if (topic === topics.quarantine) await log.dropBefore(`${tenant}/${namespace}`, topic, time);
    },
    onPass: (pass) => tell({ type: "compacted", pass }),
    onFailure: (reason) => tell({ type: "notCompacted", reason }),
  });
}

main().catch((error: unknown) => {
  tell({ type: "refused", message: error instanceof Error ? error.message : String(error) });
});
