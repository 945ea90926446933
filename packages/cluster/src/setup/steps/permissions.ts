import { singleTopics, topics } from "@downbeat/protocol";
import { z } from "zod";
import type { Cluster, Glimpse } from "../cluster.ts";
import type { Item, Look, Seen } from "../item.ts";
import { questionTopics, type Wanted } from "../wanted.ts";

export const permissionsAnswer = z.record(z.string(), z.array(z.string()));
type Permissions = z.infer<typeof permissionsAnswer>;

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

/** Where a right that somebody shouldn't have hurts, and what they could do with it. */
const harms: readonly { readonly topic: string; readonly action: Action; readonly what: string }[] = [
  { topic: "history", action: "produce", what: "write to history" },
  { topic: "inbox", action: "consume", what: "take commands from engines" },
  { topic: topics.approvals, action: "produce", what: "write to approvals" },
  { topic: topics.audit, action: "produce", what: "write to the audit" },
];

/**
 * What each who signs in may do with which topics, where somebody says as whom engines, servers and workers do. Nothing is taken away: what somebody may beyond
 * that is said, and stays.
 */
export const granted: Look = async ({ cluster, path, wanted }) => {
  const { engineRoles = [], serverRoles = [], workerRoles = [] } = wanted;
  const items: Item[] = [];
  const permissionsAt = once((at) => cluster.glimpse(`${at}/permissions`, permissionsAnswer));
  for (const [roles, grants] of [
    [engineRoles, engineGrants],
    [serverRoles, serverGrants],
    [workerRoles, workerGrants(wanted)],
  ] as const)
    for (const role of roles)
      items.push({
        what: `permissions of ${JSON.stringify(role)}`,
        seen: await lookAt({ cluster, path, role, grants, permissionsAt }),
      });
  return items;
};

interface Asked {
  readonly cluster: Cluster;
  readonly path: string;
  readonly role: string;
  readonly grants: Grants;
  readonly permissionsAt: (at: string) => Promise<Glimpse<Permissions>>;
}

/** Each place is asked once, for all roles. */
function once<T>(ask: (at: string) => Promise<T>): (at: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (at) => {
    const answer = answers.get(at) ?? ask(at);
    answers.set(at, answer);
    return answer;
  };
}

async function lookAt({ cluster, path, role, grants, permissionsAt }: Asked): Promise<Seen> {
  const may = async (at: string): Promise<readonly string[] | undefined> => {
    const seen = await permissionsAt(at);
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
  for (const topic of new Set([...grants.topics.keys(), ...harms.map((harm) => harm.topic)])) {
    const at = `persistent/${path}/${topic}`;
    // A broker adds to these what the namespace permits.
    const has = await may(at);
    if (has === undefined) return unseen;
    const own = has.filter((action) => !everywhere.includes(action));
    const wants = grants.topics.get(topic) ?? [];
    note(at, [...has, ...grants.everywhere], wants, own);
    const permitted: readonly string[] = [...grants.everywhere, ...wants];
    for (const { action, what } of harms.filter((harm) => harm.topic === topic))
      if (has.includes(action) && !permitted.includes(action)) exceeding.push(what);
  }
  const words = grantsWords(grants);
  const why =
    exceeding.length === 0
      ? undefined
      : `may also ${list.format(exceeding)}: revoke that with pulsar-admin (docs/pulsar.md)`;
  if (lacking.length === 0)
    return why === undefined ? { as: "there", found: words } : { as: "chosen", found: words, why };
  const make = async () => {
    for (const { at, all } of lacking)
      await cluster.write("POST", `${at}/permissions/${encodeURIComponent(role)}`, all);
  };
  return { as: "missing", wanted: words, make, ...(why !== undefined && { why }) };
}

/** `a, b and c` */
const list = new Intl.ListFormat("en-GB", { type: "conjunction" });

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
