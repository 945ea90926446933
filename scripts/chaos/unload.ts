import { topics } from "@downbeat/protocol";
import { sleep } from "../lib/processes.ts";
import { type Performance, sayRound } from "./performance.ts";

/** Each topic of the core in turn: publishes, takeovers and replays are interrupted wherever they are. */
export async function unload(performance: Performance): Promise<object> {
  const { stage, log, violations, rounds } = performance;
  const partitions = await log.partitionsOf("history");
  const names = Array.from({ length: partitions }, (_, index) => [
    topics.inbox(index),
    topics.history(index),
  ]).flat();
  const admin = stage.logUrl.replace(/^ws/, "http");
  let unloaded = 0;
  for (let round = 1; round <= rounds; round++) {
    for (const name of [...names, topics.timers]) {
      await sleep(Math.random() * 1_000);
      const url = `${admin}/admin/v2/persistent/public/${stage.namespace}/${name}/unload`;
      const answer = await fetch(url, { method: "PUT" });
      if (answer.ok) unloaded += 1;
      else violations.push(`${name} could not be unloaded: ${answer.status}.`);
    }
    sayRound(performance, round);
  }
  return { rounds, unloaded };
}
