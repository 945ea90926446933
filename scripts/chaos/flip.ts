import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { foldHistory } from "../lib/history-check.ts";
import { sleep } from "../lib/processes.ts";
import { allBack, type Performance, sayRound } from "./performance.ts";

const flipped = z.object({ records: z.number().min(1), runIds: z.array(z.string()) });

/** Bits flip in stored records while nobody holds the file, and no cache knows better. Each is said; only the runs of those records are set aside, and a person can close them. */
export async function flip(performance: Performance): Promise<object> {
  const { stage, log, violations, damagedRuns, rounds } = performance;
  const [engine = ""] = stage.engines;
  let records = 0;
  for (let round = 1; round <= rounds; round++) {
    await sleep(3_000 + Math.random() * 3_000);
    await stage.kill(engine, "server");
    // Whoever has read a record before it was damaged knows more than the log does now.
    for (const cache of ["engine", "server"])
      rmSync(join(stage.dataFolder, cache), { recursive: true, force: true });
    const done = flipSome(stage.logFile);
    records += done.records;
    for (const runId of done.runIds) damagedRuns.add(runId);
    stage.start(engine, "server");
    await allBack(performance);
    sayRound(performance, round);
  }
  await sleep(5_000);
  const { damaged } = await foldHistory(log, { damagedRuns });
  if (damaged !== records) violations.push(`${records} records were damaged, ${damaged} were said to be.`);
  const reason = "its history is damaged";
  const answers = await Promise.all(
    Array.from(damagedRuns, (runId) => stage.call("runs.terminate", { runId, reason })),
  );
  const closed = answers.filter((answer) => answer.includes('"accepted"'));
  const over = answers.filter((answer) => answer.includes('"RunOver"'));
  const unknown = answers.filter((answer) => answer.includes("There is no run"));
  const others = answers.filter((answer) => ![...closed, ...over, ...unknown].includes(answer));
  for (const answer of others) violations.push(`A damaged run could not be closed: ${answer}`);
  return {
    rounds,
    flipped: records,
    runsTouched: damagedRuns.size,
    ofThem: { closed: closed.length, over: over.length, unknown: unknown.length },
  };
}

/** By a process that ends as a crash does: whoever closes the file properly takes its write-ahead log away, which the log rightly finds missing. */
function flipSome(file: string): z.infer<typeof flipped> {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "flip-records.ts"), file],
    { encoding: "utf8" },
  );
  if (stdout === "") throw new Error(`No bit was flipped. ${stderr}`);
  return flipped.parse(JSON.parse(stdout));
}
