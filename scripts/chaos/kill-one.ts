import type { Random } from "../../packages/testing/src/simulation/random.ts";
import { sleep, until } from "../lib/processes.ts";
import type { Performance } from "./performance.ts";

const takeOverWithinMs = 60_000;

/** What other engines took over while one was gone. */
export interface TakenOver {
  engines: number;
  partitions: number;
}

/**
 * One engine or one worker, at random. Where it is an engine, and there are others, half of the times it comes back only after these have
 * taken its partitions over, with whatever was asked and not yet answered; else after a moment, wherever they are in doing so.
 *
 * @returns what it was
 */
export async function killOne(
  performance: Performance,
  random: Random,
  takenOver: TakenOver,
): Promise<"oneEngine" | "oneWorker"> {
  const { stage, log, violations, say } = performance;
  const isEngine = random.chance(0.5);
  const name = random.pick(isEngine ? stage.engines : stage.workers);
  const waits = random.chance(0.5);
  const others = stage.engines.filter((engine) => engine !== name);
  const owned = isEngine && waits ? owning(await stage.modes(name)) : 0;
  await stage.kill(name);
  if (isEngine && waits && others.length > 0) {
    const partitions = await log.partitionsOf("history");
    let now = 0;
    const isOver = await until(async () => {
      const modes = await Promise.all(others.map((other) => stage.modes(other)));
      now = owning(modes.flat());
      return now === partitions;
    }, takeOverWithinMs);
    if (isOver) {
      say(`${name} was killed; the others have its ${owned} partitions.`);
      takenOver.engines += 1;
      takenOver.partitions += owned;
    } else violations.push(`${name} is gone, and of ${partitions} partitions the others own ${now}.`);
    // They decide on what was its own for a while.
    await sleep(random.between(500, 2_000));
  } else await sleep(random.between(0, 3_000));
  stage.start(name);
  // The others go on meanwhile, and are not asked.
  for (const late of await stage.ready([name]))
    violations.push(`${late} did not come back: ${stage.processes.lastLines(late)}`);
  return isEngine ? "oneEngine" : "oneWorker";
}

function owning(modes: readonly string[]): number {
  return modes.filter((mode) => mode === "owning").length;
}
