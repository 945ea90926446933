import { topics } from "@downbeat/protocol";
import { z } from "zod";
import type { Item, Look, Place } from "../item.ts";

export const clustersAnswer = z.array(z.string());

/** What nothing else tells again: history, what no one could parse, what people share, what they did. Never the inbox: two regions would answer one command (docs/geo-replication.md). */
const replicatedTopics = [
  "history",
  topics.quarantine,
  topics.savedQueries,
  topics.causeMarks,
  topics.quarantineMarks,
  topics.savedViews,
  topics.goals,
  topics.boards,
  topics.alerts,
  topics.approvals,
  topics.audit,
] as const;

export const replicated: Look = async (place) => {
  const { cluster, path, wanted } = place;
  if (wanted.replicateTo === undefined) return [];
  const here = (await cluster.read(`namespaces/${path}/replication`, clustersAnswer)) ?? [];
  if (here.length > 1)
    return [
      {
        what: "replication",
        seen: {
          as: "wrong",
          found: `the whole namespace is on ${here.join(", ")}`,
          wanted: "history alone",
          why: "the inbox must stay in one cluster: pulsar-admin namespaces set-clusters --clusters <this one>",
        },
      },
    ];
  const replicateTo = wanted.replicateTo;
  return Promise.all(replicatedTopics.map((topic) => replicationItem(place, topic, here, replicateTo)));
};

async function replicationItem(
  { cluster, path }: Place,
  topic: string,
  here: readonly string[],
  replicateTo: readonly string[],
): Promise<Item> {
  const what = `replication of ${topic}`;
  const at = `persistent/${path}/${topic}/replication`;
  const found = await cluster.read(at, clustersAnswer);
  const others = found?.filter((name) => !here.includes(name)) ?? [];
  const leadsNowhere = found !== undefined && found.length > 0 && others.length === 0;
  const foundWords = others.length > 0 ? `to ${others.join(", ")}` : leadsNowhere ? "to itself" : "none";
  const isMeant = others.toSorted().join() === replicateTo.toSorted().join();
  if (isMeant && !leadsNowhere) return { what, seen: { as: "there", found: foundWords } };
  if (replicateTo.length === 0) {
    const make = () => cluster.write("DELETE", at);
    return { what, seen: { as: "other", found: foundWords, wanted: "none", make } };
  }
  const make = () => cluster.write("POST", at, [...here, ...replicateTo]);
  const wanted = `to ${replicateTo.join(", ")}`;
  if (others.length === 0) return { what, seen: { as: "missing", wanted, make } };
  return { what, seen: { as: "other", found: foundWords, wanted, make } };
}
