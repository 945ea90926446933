import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ask, sleep, until } from "../lib/processes.ts";
import { allBack, type Performance, sayRound } from "./performance.ts";

const fullForMs = 8_000;
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

/** The disk under all data is full for a while: it is said, and when there is room again everything goes on by itself. */
export async function fullDisk(performance: Performance): Promise<object> {
  const { stage, violations, rounds } = performance;
  const [engine = ""] = stage.engines;
  const ballast = join(stage.dataFolder, "ballast");
  let said = 0;
  for (let round = 1; round <= rounds; round++) {
    await sleep(5_000 + Math.random() * 3_000);
    fill(ballast);
    const isSaid = await until(() => outputSays(engine), fullForMs);
    await sleep(fullForMs);
    if (isSaid) said += 1;
    else violations.push("A full disk was not said.");
    const isReady = (await ask(stage.healthOf(engine) ?? "")) !== undefined;
    if (isReady) violations.push("The engine said that it is ready while its disk was full.");
    rmSync(ballast);
    await allBack(performance);
    sayRound(performance, round);
  }
  return { rounds, said };

  function outputSays(name: string): boolean {
    return stage.processes.lastLines(name, 200).includes("is full");
  }
}

function fill(file: string): void {
  const handle = openSync(file, "w");
  try {
    for (;;) writeSync(handle, block);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    closeSync(handle);
  }
}
