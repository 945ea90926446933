import { partitionedTopics, singleTopics } from "@downbeat/protocol";
import type { TopicAdmin } from "@downbeat/pulsar/admin";
import { z } from "zod";
import type { Item, Look, Place, Seen } from "../item.ts";
import { isTerminated, leftIn } from "../topic-state.ts";
import { defaultPartitions, namedTopics } from "../wanted.ts";
import { workersSubscription } from "../workers-subscription.ts";

const names = z.array(z.string());

export interface KnownTopics {
  /** Without the namespace. Each partition is one. */
  readonly topics: ReadonlySet<string>;
  readonly partitioned: ReadonlySet<string>;
}

export async function knownTopics({ cluster, path }: Pick<Place, "cluster" | "path">): Promise<KnownTopics> {
  const short = (all: readonly string[] = []) =>
    new Set(all.map((name) => name.slice(name.lastIndexOf("/") + 1)));
  return {
    topics: short(await cluster.read(`persistent/${path}`, names)),
    partitioned: short(await cluster.read(`persistent/${path}/partitioned`, names)),
  };
}

/** The partitions that `inbox` and `history` were made with, of those that are there. */
export async function knownPartitions(topicAdmin: TopicAdmin): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const topic of partitionedTopics) {
    const partitions = await topicAdmin.partitionsOf(topic);
    if (partitions > 0) counts.set(topic, partitions);
  }
  return counts;
}

export const fixedPartitions =
  "a run is found by hash(run id) modulo the number of partitions, so it can't be changed; use a new namespace";

/** One of `inbox` and `history`, with as many partitions as the other. */
export function partitioned(topic: (typeof partitionedTopics)[number]): Look {
  return async (place) => {
    const known = await knownTopics(place);
    const counts = await knownPartitions(place.topics);
    const partitions =
      place.wanted.partitions ?? counts.get("history") ?? counts.get("inbox") ?? defaultPartitions;
    const seen = partitionedSeen(place, topic, partitions, counts.get(topic), known.topics.has(topic));
    return [{ what: `topic ${topic}`, seen }];
  };
}

function partitionedSeen(
  place: Place,
  topic: string,
  wanted: number,
  found: number | undefined,
  isPlain: boolean,
): Seen {
  if (found === wanted) return { as: "there", found: partitionWords(found) };
  if (found !== undefined)
    return {
      as: "wrong",
      found: partitionWords(found),
      wanted: partitionWords(wanted),
      why: fixedPartitions,
    };
  if (isPlain)
    return {
      as: "wrong",
      found: "no partitions",
      wanted: partitionWords(wanted),
      why: "something that is not Downbeat's has this name; use a new namespace",
    };
  return {
    as: "missing",
    wanted: partitionWords(wanted),
    make: () => place.topics.createPartitionedTopic(topic, wanted),
  };
}

export const plain: Look = async (place) => {
  const { cluster, path, wanted } = place;
  const known = await knownTopics(place);
  const asked = [...singleTopics, ...namedTopics(wanted)];
  const items: Item[] = [];
  for (const topic of asked) {
    const what = `topic ${topic}`;
    const make = () => cluster.create(`persistent/${path}/${topic}`);
    const isThere = known.topics.has(topic) || known.partitioned.has(topic);
    const ended = known.topics.has(topic) ? await terminated(place, topic) : undefined;
    items.push({ what, seen: ended ?? (isThere ? { as: "there" } : { as: "missing", make }) });
  }
  // Of job types and workflows that nobody names here, only what is wrong.
  for (const topic of known.topics) {
    if (workersSubscription(topic) === undefined || asked.includes(topic)) continue;
    const ended = await terminated(place, topic);
    if (ended !== undefined) items.push({ what: `topic ${topic}`, seen: ended });
  }
  return items;
};

/** A topic that nobody can send to any more is made again; its attempts and wake-ups are sent again from history. */
async function terminated({ cluster, path }: Place, topic: string): Promise<Seen | undefined> {
  const topicPath = `persistent/${path}/${topic}`;
  if (!(await isTerminated(cluster, topicPath))) return undefined;
  const left = await leftIn(cluster, topicPath);
  const found = left === 0 ? "terminated" : `terminated, with ${left} messages that wait`;
  if (left > 0)
    return {
      as: "wrong",
      found,
      wanted: "open",
      why: "let its consumers take what waits, then run this again",
    };
  return {
    as: "other",
    found,
    wanted: "open",
    make: async () => {
      await cluster.write("DELETE", `${topicPath}?force=true`);
      await cluster.create(topicPath);
    },
  };
}

function partitionWords(partitions: number): string {
  return partitions === 1 ? "1 partition" : `${partitions} partitions`;
}
