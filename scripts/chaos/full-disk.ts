import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Producer } from "@downbeat/message-log";
import { ask, sleep, until } from "../lib/processes.ts";
import { allBack, type Performance, sayRound } from "./performance.ts";

const fullForMs = 8_000;
/** So long a write waits for room at least before it counts as refused. */
const refusedAfterMs = 3_000;
/** The write-ahead log keeps 16 MB of the disk for itself, and goes on in them. */
const mostProbes = 100;
const probeBytes = 500_000;
const block = Buffer.alloc(64 * 1_024, "x");

/**
 * Puts a small disk in memory under the data. Needs root.
 *
 * @returns takes it away again
 */
export function smallDisk(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=256m", "tmpfs", folder]);
  return () => execFileSync("umount", ["-l", folder]);
}

/**
 * The disk under all data is full for a while: it is said, and when there is room again everything goes on by itself. Whether the log is full is asked of the log,
 * with a write: on a full disk it goes on as long as its write-ahead log has room, and the engine is ready until then, and rightly so.
 */
export async function fullDisk(performance: Performance): Promise<object> {
  const { stage, violations, rounds, log } = performance;
  const [engine = ""] = stage.engines;
  const ballast = join(stage.dataFolder, "ballast");
  let said = 0;
  let everRefused = 0;
  for (let round = 1; round <= rounds; round++) {
    await sleep(5_000 + Math.random() * 3_000);
    const before = timesSaid(engine);
    fill(ballast);
    if (await isRefused()) {
      everRefused += 1;
      if (await until(() => timesSaid(engine) > before, fullForMs)) said += 1;
      else violations.push("The log refused a write, and a full disk was not said.");
      await sleep(fullForMs);
      // What others give back, such as a read model that is closed, is room again: only between two refusals it has none.
      fill(ballast);
      if (await isRefused()) {
        const isReady = (await ask(stage.healthOf(engine) ?? "")) !== undefined;
        if (isReady && !(await isTaken()))
          violations.push("The engine said that it is ready while its log refused writes.");
      }
    }
    rmSync(ballast);
    await allBack(performance);
    sayRound(performance, round);
  }
  if (everRefused === 0) violations.push("The log never refused a write: its disk was not full.");
  return { rounds, refused: everRefused, said };

  function timesSaid(name: string): number {
    return stage.processes.lastLines(name, 10_000).split("nothing more is taken. Make room").length - 1;
  }

  /** Writes until the log takes no more. */
  async function isRefused(): Promise<boolean> {
    for (let probe = 0; probe < mostProbes; probe++) if (!(await isTaken())) return true;
    return false;
  }

  async function isTaken(): Promise<boolean> {
    let producer: Producer | undefined;
    const sent = (async () => {
      producer = await log.openProducer("probe");
      await producer.send({ payload: Buffer.alloc(probeBytes) });
      return true;
    })();
    const isDone = await Promise.race([sent.catch(() => false), sleep(refusedAfterMs).then(() => false)]);
    void producer?.close().catch(() => {});
    return isDone;
  }
}

function fill(file: string): void {
  const handle = openSync(file, "a");
  try {
    for (;;) writeSync(handle, block);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    closeSync(handle);
  }
}
