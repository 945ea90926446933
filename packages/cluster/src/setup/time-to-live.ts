import { longestDelayMs, topics } from "@downbeat/protocol";
import { z } from "zod";
import type { Cluster } from "./cluster.ts";

/**
 * After how many seconds unacknowledged messages of a topic go, whether the topic, its namespace or the broker says so; 0: never. `undefined` where the
 * credentials don't reach.
 */
export async function timeToLiveOf(
  cluster: Cluster,
  path: string,
  topic: string = topics.timers,
): Promise<number | undefined> {
  const ofTopic = await cluster.glimpse(`persistent/${path}/${topic}/messageTTL?applied=true`, z.number());
  if (typeof ofTopic !== "string" && ofTopic.value !== undefined) return ofTopic.value;
  const ofNamespace = await cluster.glimpse(`namespaces/${path}/messageTTL`, z.number());
  return typeof ofNamespace === "string" ? undefined : (ofNamespace.value ?? 0);
}

/** A delayed message counts as unacknowledged while it waits. */
export function isShorterThanDelay(seconds: number): boolean {
  return seconds > 0 && seconds * 1_000 <= longestDelayMs;
}
