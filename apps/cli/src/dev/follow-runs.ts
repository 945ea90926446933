import { type MessageLog, reconnectingReader } from "@downbeat/message-log";
import { readRecord, topics } from "@downbeat/protocol";
import { RunLines } from "./run-lines.ts";

export interface FollowedRuns {
  close(): Promise<void>;
}

/**
 * Says what happens in runs from now on.
 *
 * @throws LogError when the log can't be reached
 */
export async function followRuns(
  log: MessageLog,
  pageOf: (runId: string) => string,
  say: (line: string) => void,
): Promise<FollowedRuns> {
  const lines = new RunLines(pageOf);
  const partitions = await log.partitionsOf("history");
  const readers = Array.from({ length: partitions }, (_, partition) =>
    reconnectingReader(log, topics.history(partition), {
      from: "latest",
      onMessage: (message) => {
        const record = readRecord(message);
        if ("unreadable" in record || record.kind === "claim") return;
        for (const { runId, workflow, events } of record.decisions)
          for (const event of events) {
            const line = lines.of({ runId, workflow, event });
            if (line !== undefined) say(line);
          }
      },
    }),
  );
  return {
    close: async () => {
      await Promise.all(readers.map((reader) => reader.close()));
    },
  };
}
