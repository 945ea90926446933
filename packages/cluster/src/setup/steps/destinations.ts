import { LogError } from "@downbeat/message-log";
import { z } from "zod";
import type { Cluster } from "../cluster.ts";
import type { Place } from "../item.ts";
import { runtimeOf } from "../runtime.ts";
import { clustersAnswer } from "./replication.ts";

/** History can't be copied to a cluster of this name. */
export class DestinationError extends LogError {
  constructor(sentence: string) {
    super("invalid", sentence);
  }
}

/**
 * Before anything is made: of what it doesn't know, a broker says no more than that it is refused.
 *
 * @throws DestinationError
 */
export async function checkDestinations({
  cluster,
  path,
  wanted: { replicateTo = [] },
}: Place): Promise<void> {
  if (replicateTo.length === 0) return;
  const seen = await cluster.glimpse("clusters", z.array(z.string()));
  const known = typeof seen === "string" ? undefined : seen.value?.filter((name) => name !== "global");
  const own = await nameOf(cluster, path, known);
  const others = known?.filter((name) => name !== own);
  const othersWords = others === undefined || others.length === 0 ? "" : ` (such as ${others[0]})`;
  if (own !== undefined && replicateTo.includes(own))
    throw new DestinationError(
      `History can't be replicated to ${own}: that is this cluster itself. Name another one${othersWords}; pulsar-admin clusters create makes one known (docs/geo-replication.md).`,
    );
  const [unknown] = replicateTo.filter((name) => known?.includes(name) === false);
  if (known !== undefined && unknown !== undefined)
    throw new DestinationError(
      `History can't be replicated to ${unknown}: the cluster knows ${known.length === 0 ? "none" : known.join(", ")} only. Make it known first: pulsar-admin clusters create ${unknown} --url http://<its broker>:8080 --broker-url pulsar://<its broker>:6650 (docs/geo-replication.md).`,
    );
}

/** The cluster's own name, as far as it can be told. */
async function nameOf(
  cluster: Cluster,
  path: string,
  known: readonly string[] | undefined,
): Promise<string | undefined> {
  const { clusterName = "" } = (await runtimeOf(cluster)) ?? {};
  if (clusterName !== "") return clusterName;
  const ofNamespace = await cluster.glimpse(`namespaces/${path}/replication`, clustersAnswer);
  const single = (names: readonly string[] = []) => (names.length === 1 ? names[0] : undefined);
  return single(typeof ofNamespace === "string" ? undefined : ofNamespace.value) ?? single(known);
}
