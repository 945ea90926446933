import { singleTopics, topics } from "@downbeat/protocol";
import { z } from "zod";
import type { Cluster } from "../cluster.ts";
import type { Item, Look, Seen } from "../item.ts";
import { questionTopics, type Wanted } from "../wanted.ts";

export const permissionsAnswer = z.record(z.string(), z.array(z.string()));

const actions = ["produce", "consume"] as const;
type Action = (typeof actions)[number];

/** What somebody who signs in may do: in the whole namespace, and with single topics besides. */
interface Grants {
  readonly everywhere: readonly Action[];
  readonly topics: ReadonlyMap<string, readonly Action[]>;
}

/** Written by servers: what people send, what they share, and that the worker of bulk actions is there. The others are engines' alone. */
const ofServers = [
  "inbox",
  ...singleTopics.filter((topic) => topic !== topics.timers && topic !== topics.calledOff),
];

/** Written by workers and clients. Whose result a command is, a topic can't tell: all go to the inbox. */
const ofWorkers = ["inbox", topics.quarantine, topics.workers, topics.workflows];

const engineGrants: Grants = { everywhere: actions, topics: new Map() };
const serverGrants: Grants = {
  everywhere: ["consume"],
  topics: new Map(ofServers.map((topic) => [topic, ["produce"]])),
};

function workerGrants({ jobTypes = [], workflows = [], builds = [] }: Wanted): Grants {
  const served = [...jobTypes.map(topics.jobs), ...questionTopics(workflows, builds)];
  return {
    everywhere: [],
    topics: new Map<string, readonly Action[]>([
      ...ofWorkers.map((topic) => [topic, ["produce"]] as const),
      ...["history", topics.calledOff, ...served].map((topic) => [topic, ["consume"]] as const),
    ]),
  };
}

/**
 * What each who signs in may do with which topics, where somebody says as whom engines, servers and workers do. Nothing is taken away: what somebody may beyond
 * that is said, and stays.
 */
export const granted: Look = async ({ cluster, path, wanted }) => {
  const { engineRoles = [], serverRoles = [], workerRoles = [] } = wanted;
  const items: Item[] = [];
  for (const [roles, grants] of [
    [engineRoles, engineGrants],
    [serverRoles, serverGrants],
    [workerRoles, workerGrants(wanted)],
  ] as const)
    for (const role of roles)
      items.push({
        what: `permissions of ${JSON.stringify(role)}`,
        seen: await lookAt({ cluster, path, role, grants }),
      });
  return items;
};

interface Asked {
  readonly cluster: Cluster;
  readonly path: string;
  readonly role: string;
  readonly grants: Grants;
}

async function lookAt({ cluster, path, role, grants }: Asked): Promise<Seen> {
  const may = async (at: string): Promise<readonly string[] | undefined> => {
    const seen = await cluster.glimpse(`${at}/permissions`, permissionsAnswer);
    return typeof seen === "string" ? undefined : (seen.value?.[role] ?? []);
  };
  const namespaceAt = `namespaces/${path}`;
  const everywhere = await may(namespaceAt);
  if (everywhere === undefined) return unseen;
  const lacking: { readonly at: string; readonly all: readonly string[] }[] = [];
  const note = (at: string, has: readonly string[], wants: readonly Action[], own: readonly string[]) => {
    if (wants.some((action) => !has.includes(action)))
      lacking.push({ at, all: [...new Set([...own, ...wants])] });
  };
  note(namespaceAt, everywhere, grants.everywhere, everywhere);
  const exceeding: string[] = [];
  // What is too much is looked for where it hurts, besides the topics that are needed.
  for (const topic of new Set([...grants.topics.keys(), "history", "inbox"])) {
    const at = `persistent/${path}/${topic}`;
    // A broker adds to these what the namespace permits.
    const has = await may(at);
    if (has === undefined) return unseen;
    const own = has.filter((action) => !everywhere.includes(action));
    const wants = grants.topics.get(topic) ?? [];
    note(at, [...has, ...grants.everywhere], wants, own);
    const permitted: readonly string[] = [...grants.everywhere, ...wants];
    if (topic === "history" && has.includes("produce") && !permitted.includes("produce"))
      exceeding.push("write to history");
    if (topic === "inbox" && has.includes("consume") && !permitted.includes("consume"))
      exceeding.push("take commands from engines");
  }
  const words = grantsWords(grants);
  const why =
    exceeding.length === 0
      ? undefined
      : `may also ${exceeding.join(" and ")}: revoke that with pulsar-admin (docs/pulsar.md)`;
  if (lacking.length === 0)
    return why === undefined ? { as: "there", found: words } : { as: "chosen", found: words, why };
  const make = async () => {
    for (const { at, all } of lacking)
      await cluster.write("POST", `${at}/permissions/${encodeURIComponent(role)}`, all);
  };
  return { as: "missing", wanted: words, make, ...(why !== undefined && { why }) };
}

const unseen: Seen = { as: "unseen", why: "only the tenant's admins may look at permissions" };

/** `consume in the namespace, produce to inbox, audit` */
function grantsWords({ everywhere, topics: single }: Grants): string {
  const of = (action: Action) =>
    Array.from(single)
      .filter(([, wants]) => wants.includes(action))
      .map(([topic]) => topic)
      .join(", ");
  const [to, from] = [of("produce"), of("consume")];
  return [
    everywhere.length === 0 ? "" : `${everywhere.join(" and ")} in the namespace`,
    to === "" ? "" : `produce to ${to}`,
    from === "" ? "" : `consume from ${from}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}
