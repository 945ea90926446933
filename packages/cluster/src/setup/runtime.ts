import { z } from "zod";
import type { Cluster } from "./cluster.ts";

/** How the broker is set, by the names of broker.conf. Not given: the credentials don't reach. */
export type Runtime = Readonly<Record<string, string>> | undefined;

export async function runtimeOf(cluster: Cluster): Promise<Runtime> {
  const found = await cluster.glimpse("brokers/configuration/runtime", z.record(z.string(), z.string()));
  return typeof found === "string" ? undefined : found.value;
}
