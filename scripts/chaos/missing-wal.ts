import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { sleep, until } from "../lib/processes.ts";
import { allBack, type Performance, sayRound } from "./performance.ts";

/** The log's process is killed and its write-ahead log is gone at the next start: that is refused with a sentence, and all goes on once it is back. */
export async function missingWal(performance: Performance): Promise<object> {
  const { stage, violations, rounds } = performance;
  const [engine = ""] = stage.engines;
  const wal = `${stage.logFile}-wal`;
  const away = join(stage.processes.folder, "wal-that-was-moved");
  let refused = 0;
  for (let round = 1; round <= rounds; round++) {
    await sleep(2_000 + Math.random() * 4_000);
    await stage.kill(engine);
    if (!existsSync(wal)) throw new Error(`${wal} is not there.`);
    renameSync(wal, away);
    stage.start(engine);
    const isOver = await until(() => !stage.processes.isRunning(engine), 30_000);
    const said = stage.processes.lastLines(engine, 10);
    if (isOver && said.includes(`${wal} is not there`)) refused += 1;
    else violations.push(`The log was opened without its write-ahead log, or did not say why not: ${said}`);
    await stage.kill(engine);
    renameSync(away, wal);
    stage.start(engine);
    await allBack(performance);
    sayRound(performance, round);
  }
  return { rounds, refusedWithoutWal: refused };
}
