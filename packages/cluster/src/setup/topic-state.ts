import { z } from "zod";
import type { Cluster } from "./cluster.ts";

const internalAnswer = z.object({ state: z.string().optional() });
const statsAnswer = z.object({
  subscriptions: z.record(z.string(), z.object({ msgBacklog: z.number() })).optional(),
});

/** Nobody can send to it any more, for good. */
export async function isTerminated(cluster: Cluster, topicPath: string): Promise<boolean> {
  const seen = await cluster.glimpse(`${topicPath}/internalStats`, internalAnswer);
  return typeof seen !== "string" && seen.value?.state === "Terminated";
}

/** What all of its subscriptions still hold. */
export async function leftIn(cluster: Cluster, topicPath: string): Promise<number> {
  const stats = await cluster.read(`${topicPath}/stats`, statsAnswer);
  return Object.values(stats?.subscriptions ?? {}).reduce((sum, { msgBacklog }) => sum + msgBacklog, 0);
}
