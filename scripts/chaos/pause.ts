import { type Fold, foldHistory } from "../lib/history-check.ts";
import { sleep, until } from "../lib/processes.ts";
import type { Performance } from "./performance.ts";

/** One of two engines stands still under load, its partitions go on with the other, and what it says when it wakes does not count. */
export async function pause(performance: Performance, pauseMs: number): Promise<object> {
  const { stage, log, traffic, violations, say } = performance;
  const owns = async (engine: string) =>
    (await stage.modes(engine)).flatMap((mode, partition) => (mode === "owning" ? [partition] : []));
  const spread = await until(async () => {
    const [first = [], second = []] = await Promise.all(stage.engines.map(owns));
    return first.length > 0 && second.length > 0;
  }, 60_000);
  const ownedBefore = Object.fromEntries(
    await Promise.all(stage.engines.map(async (engine) => [engine, await owns(engine)] as const)),
  );
  say(`Partitions: ${JSON.stringify(ownedBefore)}`);
  if (!spread) violations.push(`The partitions did not spread: ${JSON.stringify(ownedBefore)}.`);
  await sleep(5_000);

  const paused = stage.engines[0] ?? "";
  const dropsBefore = await stage.metric(paused, "downbeat_engine_drops_total");
  const ignoredBefore = (await foldHistory(log)).ignored;
  const since = Date.now();
  stage.processes.signal(paused, "SIGSTOP");
  say(`${paused} is paused for ${pauseMs / 1_000} s.`);
  await sleep(pauseMs / 2);
  const halfWay = await foldHistory(log);
  await sleep(pauseMs / 2);
  const atWaking = await foldHistory(log);
  const ownedMeanwhile = await owns(stage.engines[1] ?? "");
  stage.processes.signal(paused, "SIGCONT");
  const partitions = await log.partitionsOf("history");
  const ended = endedPer(partitions, halfWay, atWaking);
  say(`${paused} wakes after ${Math.round((Date.now() - since) / 1_000)} s.`);
  say(`Runs ended in the second half of the pause, by partition: ${JSON.stringify(ended)}.`);
  for (const [partition, count] of ended.entries()) {
    if (count === 0) violations.push(`Partition ${partition} stood still while ${paused} was paused.`);
  }
  if (ownedMeanwhile.length !== partitions) {
    violations.push(
      `Of ${partitions} partitions the other engine owned only ${JSON.stringify(ownedMeanwhile)}.`,
    );
  }
  await sleep(15_000);
  const drops = (await stage.metric(paused, "downbeat_engine_drops_total")) - dropsBefore;
  const ignored = (await foldHistory(log)).ignored - ignoredBefore;
  if (!(drops > 0 || ignored > 0))
    violations.push(`${paused} was not fenced: no partition dropped, no record ignored.`);
  const ownedAfter = Object.fromEntries(
    await Promise.all(stage.engines.map(async (engine) => [engine, await owns(engine)] as const)),
  );
  say(
    `${paused} gave up ${drops} times, ${ignored} records did not count. Partitions: ${JSON.stringify(ownedAfter)}`,
  );
  await sleep(5_000);
  return {
    pauseSeconds: pauseMs / 1_000,
    ownedBefore,
    ownedMeanwhile,
    ownedAfter,
    endedWhilePaused: ended,
    dropsOfTheWoken: drops,
    recordsThatDidNotCount: ignored,
    bookedMeanwhile: traffic.promised.size,
  };
}

/** How many runs of each partition ended between the two. */
function endedPer(partitions: number, before: Fold, now: Fold): number[] {
  const ended = new Array<number>(partitions).fill(0);
  for (const [runId, { partition, closedSeq }] of now.runs) {
    const isNew = closedSeq > 0 && (before.runs.get(runId)?.closedSeq ?? 0) === 0;
    if (isNew) ended[partition] = (ended[partition] ?? 0) + 1;
  }
  return ended;
}
