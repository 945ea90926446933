import { writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const topicRow = z.object({ id: z.number(), name: z.string() });
const messageRow = z.object({ entry: z.number(), message: z.instanceof(Uint8Array) });

/** One bit in a record of decisions of each partition, among the newest. @returns how many, and whose */
function flipSome(file: string): { readonly records: number; readonly runIds: readonly string[] } {
  const db = new DatabaseSync(file);
  let records = 0;
  const runIds: string[] = [];
  const topics = z.array(topicRow).parse(db.prepare("SELECT id, name FROM topics").all());
  for (const { id, name } of topics) {
    if (!name.includes("history-partition-")) continue;
    const rows = db.prepare(`SELECT entry, message FROM messages_${id} ORDER BY entry DESC LIMIT 200`).all();
    const decisions = z
      .array(messageRow)
      .parse(rows)
      .filter(({ message }) => Buffer.from(message).includes('"kind":"decisions"'));
    const chosen = decisions[Math.floor(Math.random() * decisions.length)];
    if (chosen === undefined) continue;
    const bytes = Buffer.from(chosen.message);
    for (const [, runId] of bytes.toString("latin1").matchAll(/"runId":"([^"]*)"/g)) runIds.push(runId ?? "");
    const at = bytes.indexOf('"decisions":[') + 20;
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(Math.random() * 7));
    db.prepare(`UPDATE messages_${id} SET message = ? WHERE entry = ?`).run(bytes, chosen.entry);
    records += 1;
  }
  return { records, runIds };
}

writeSync(1, JSON.stringify(flipSome(process.argv[2] ?? "")));
process.kill(process.pid, "SIGKILL");
