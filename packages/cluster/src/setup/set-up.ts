import { LogError } from "@downbeat/message-log";
import { Namespace } from "@downbeat/wire";
import type { Cluster } from "./cluster.ts";
import type { Item, Look, Place, Seen } from "./item.ts";
import { brokerVersion } from "./steps/broker.ts";
import { checkDestinations } from "./steps/destinations.ts";
import { namespace, tenant } from "./steps/namespace.ts";
import { offloaded } from "./steps/offload.ts";
import { granted } from "./steps/permissions.ts";
import { deduplication, inactiveTopics, schemaValidation, timeToLive } from "./steps/policies.ts";
import { replicated } from "./steps/replication.ts";
import { kept } from "./steps/retention.ts";
import { schema } from "./steps/schema.ts";
import { subscribed } from "./steps/subscriptions.ts";
import { partitioned, plain } from "./steps/topics.ts";
import type { Wanted } from "./wanted.ts";

export interface SetupLine {
  readonly what: string;
  readonly outcome: Outcome;
  readonly found?: string;
  readonly wanted?: string;
  readonly why?: string;
}

/**
 * - `exists`: as it should be
 * - `made`, `changed`; in a dry run `wouldMake`, `wouldChange`
 * - `kept`: other than it would be made, but somebody's choice, on which Downbeat works
 * - `differs`: Downbeat can't work on it, and it can't be changed
 * - `unseen`: the credentials don't reach
 */
export type Outcome =
  | "exists"
  | "made"
  | "changed"
  | "wouldMake"
  | "wouldChange"
  | "kept"
  | "differs"
  | "unseen";

// Each may rest on what the ones before it make. The inbox comes late: what has one counts as set up, so nothing that history can't do without may be
// missing then.
const looks: readonly Look[] = [
  tenant,
  namespace,
  deduplication,
  inactiveTopics,
  timeToLive,
  schemaValidation,
  partitioned("history"),
  plain,
  kept,
  schema,
  partitioned("inbox"),
  subscribed,
  offloaded,
  replicated,
  granted,
];

/**
 * Makes a tenant's namespace as Downbeat needs it, and says of each thing how it was found and what was done. Running it again changes nothing.
 *
 * @throws LogError `unavailable` when nothing answers, `unauthorized`, and `invalid` when a name is none
 * @throws NoBrokerError
 * @throws DestinationError before anything is made
 */
export async function* setUp(
  cluster: Cluster,
  wanted: Wanted,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): AsyncGenerator<SetupLine> {
  const namespaceName = new Namespace(wanted.tenant, wanted.namespace);
  const place: Place = {
    cluster,
    topics: cluster.topicsOf(namespaceName),
    path: namespaceName.name,
    wanted,
  };
  await brokerVersion(cluster);
  await checkDestinations(place);
  for (const look of looks) for (const item of await look(place)) yield await settle(item, dryRun);
}

async function settle({ what, seen }: Item, dryRun: boolean): Promise<SetupLine> {
  switch (seen.as) {
    case "there":
      return {
        what,
        outcome: "exists",
        ...(seen.found !== undefined && { found: seen.found }),
        ...(seen.why !== undefined && { why: seen.why }),
      };
    case "chosen":
      return { what, outcome: "kept", found: seen.found, why: seen.why };
    case "unseen":
      return { what, outcome: "unseen", why: seen.why };
    case "wrong":
      return { what, outcome: "differs", found: seen.found, wanted: seen.wanted, why: seen.why };
    case "missing":
    case "other":
      return mended(what, seen, dryRun);
  }
}

async function mended(
  what: string,
  seen: Extract<Seen, { as: "missing" | "other" }>,
  dryRun: boolean,
): Promise<SetupLine> {
  const words = {
    ...(seen.as === "other" && { found: seen.found }),
    ...(seen.wanted !== undefined && { wanted: seen.wanted }),
    ...(seen.why !== undefined && { why: seen.why }),
  };
  const isNew = seen.as === "missing";
  if (dryRun) return { what, outcome: isNew ? "wouldMake" : "wouldChange", ...words };
  try {
    await seen.make();
  } catch (error) {
    // The broker's last word on this one; the others don't depend on it.
    if (error instanceof LogError && ["conflict", "invalid", "missing"].includes(error.code))
      return { what, outcome: "differs", ...words, why: error.message };
    throw error;
  }
  return { what, outcome: isNew ? "made" : "changed", ...words };
}
