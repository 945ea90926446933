import { partitionedTopics, singleTopics } from "@downbeat/protocol";
import { z } from "zod";
import { schemaAnswer, schemaPath, schemaState } from "../setup/steps/schema.ts";
import { neededSubscriptions } from "../setup/steps/subscriptions.ts";
import { fixedPartitions, knownPartitions, knownTopics } from "../setup/steps/topics.ts";
import type { Check, Finding } from "./finding.ts";

/** Without them nothing else can be said of what is in them. */
export const namespaceThere: Check = async ({ cluster, path, setup }) => {
  const [tenant = "", namespace = ""] = path.split("/");
  const isMissing = async (at: string): Promise<boolean> => {
    const seen = await cluster.glimpse(at, z.unknown());
    return typeof seen !== "string" && seen.value === undefined;
  };
  const means = "nothing is set up there; an engine makes it only where its token may";
  const mend = `downbeat setup ${setup}, or say which is meant with --tenant and --namespace`;
  if (await isMissing(`tenants/${tenant}`))
    return [{ id: "tenant-missing", severity: "error", found: `there is no tenant ${tenant}`, means, mend }];
  if (!(await isMissing(`namespaces/${path}`))) return [];
  const found = `the tenant ${tenant} has no namespace ${namespace}`;
  return [{ id: "namespace-missing", severity: "error", found, means, mend }];
};

export const topicsThere: Check = async ({ cluster, path, topics: admin, setup, partitions }) => {
  const known = await knownTopics({ cluster, path });
  const counts = await knownPartitions(admin);
  const findings: Finding[] = [];
  const missing = [
    ...partitionedTopics.filter((topic) => !counts.has(topic)),
    ...singleTopics.filter((topic) => !known.topics.has(topic) && !known.partitioned.has(topic)),
  ];
  if (missing.length > 0)
    findings.push({
      id: "topics-missing",
      severity: "error",
      found: `there is no topic ${missing.join(", ")}`,
      means: "the namespace is not set up, or not to the end",
      mend: `downbeat setup ${setup}`,
    });
  const [inbox, history] = [counts.get("inbox"), counts.get("history")];
  if (inbox !== undefined && history !== undefined && inbox !== history)
    findings.push({
      id: "partitions-differ",
      severity: "error",
      found: `inbox has ${inbox} partitions and history ${history}`,
      means: "no engine starts: each partition of the one belongs to the same of the other",
      mend: fixedPartitions,
    });
  else if (partitions !== undefined && history !== undefined && partitions !== history)
    findings.push({
      id: "partitions-other",
      severity: "error",
      found: `there are ${history} partitions, not ${partitions}`,
      means: "what was made is not what was meant",
      mend: fixedPartitions,
    });
  return findings;
};

export const schema: Check = async ({ cluster, path, setup, pulsarSql }) => {
  const state = schemaState(await cluster.read(schemaPath(path), schemaAnswer));
  if (state?.isOurs === true) return [];
  return [
    {
      id: state === undefined ? "schema-missing" : "schema-other",
      severity: pulsarSql === undefined ? "warning" : "error",
      found:
        state === undefined
          ? "history has no schema"
          : `the schema of history (version ${state.version}) is not this release's`,
      means: "Pulsar SQL does not know its columns, or not all of them",
      mend: `downbeat setup ${setup}`,
    },
  ];
};

export const subscribed: Check = async ({ cluster, path, setup }) => {
  const needed = neededSubscriptions((await knownTopics({ cluster, path })).topics);
  const missing: string[] = [];
  for (const [topic, subscription] of needed) {
    const there = await cluster.read(`persistent/${path}/${topic}/subscriptions`, z.array(z.string()));
    if (there !== undefined && !there.includes(subscription)) missing.push(`${subscription} of ${topic}`);
  }
  if (missing.length === 0) return [];
  return [
    {
      id: "subscriptions-missing",
      severity: "warning",
      found: `there is no subscription ${missing.join(", ")}`,
      means: "what is sent there before the first consumer connects may be gone by then",
      mend: `downbeat setup ${setup}`,
    },
  ];
};
