import { longestDelayMs, topics } from "@downbeat/protocol";
import { z } from "zod";
import type { Runtime } from "../setup/runtime.ts";
import { inactiveAnswer } from "../setup/steps/policies.ts";
import { clustersAnswer } from "../setup/steps/replication.ts";
import { retentionAnswer, retentionOf } from "../setup/steps/retention.ts";
import { isShorterThanDelay, timeToLiveOf } from "../setup/time-to-live.ts";
import { retentionWords } from "../setup/wanted.ts";
import type { Check, Finding, Patient } from "./finding.ts";

export const deduplication: Check = async ({ cluster, path, runtime, setup }) => {
  const ofNamespace = await cluster.read(`namespaces/${path}/deduplication`, z.boolean());
  if (ofNamespace ?? runtime?.brokerDeduplicationEnabled === "true") return [];
  return [
    {
      id: "deduplication-off",
      severity: "error",
      found: "deduplication is off",
      means: "a message that is sent again after a lost receipt is there twice",
      mend: `downbeat setup ${setup}`,
    },
  ];
};

export const timeToLive: Check = async ({ cluster, path, runtime, setup }) => {
  const seconds = await timeToLiveOf(cluster, path);
  const effective = seconds === 0 ? Number(runtime?.ttlDurationDefaultInSeconds ?? 0) : seconds;
  if (effective === undefined || effective <= 0) return [];
  const isExplicit = seconds === 0 && (await cluster.read(`namespaces/${path}/messageTTL`, z.number())) === 0;
  if (isExplicit) return [];
  const found = `messages live ${effective} s (time-to-live)`;
  if (isShorterThanDelay(effective))
    return [
      {
        id: "time-to-live-short",
        severity: "error",
        found,
        means: `a timer's wake-up waits up to ${longestDelayMs / 1_000} s and is lost before; no engine starts`,
        mend: `downbeat setup ${setup}`,
      },
    ];
  return [
    {
      id: "time-to-live",
      severity: "warning",
      found,
      means: "commands and attempts that nobody takes for so long are lost",
      mend: `pulsar-admin namespaces set-message-ttl ${path} --messageTTL 0`,
    },
  ];
};

export const delayedDelivery: Check = async ({ cluster, path }) => {
  const answer = z.object({ active: z.boolean(), maxDeliveryDelayInMillis: z.number().nullish() });
  const policy = await cluster.read(`namespaces/${path}/delayedDelivery`, answer);
  if (policy === undefined) return [];
  const longest = policy.maxDeliveryDelayInMillis ?? 0;
  if (policy.active && (longest <= 0 || longest >= longestDelayMs)) return [];
  return [
    {
      id: "delayed-delivery-of-namespace",
      severity: "error",
      found: policy.active
        ? `delays of the namespace are at most ${longest} ms`
        : "the namespace has delayed delivery off",
      means: `timers are woken by messages delayed up to ${longestDelayMs} ms`,
      mend: `pulsar-admin namespaces remove-delayed-delivery ${path}`,
    },
  ];
};

const quota = z.object({
  limitSize: z.number().nullish(),
  limitTime: z.number().nullish(),
  policy: z.string(),
});
const quotas = z.record(z.string(), quota);

export const backlogQuota: Check = async ({ cluster, path, runtime }) => {
  const ofNamespace = Object.values((await cluster.read(`namespaces/${path}/backlogQuotaMap`, quotas)) ?? {});
  const policies = new Set(ofNamespace.map(({ policy }) => policy));
  const isDefault = policies.size === 0;
  if (isDefault) policies.add(runtime?.backlogQuotaDefaultRetentionPolicy ?? "");
  const mend = `pulsar-admin namespaces remove-backlog-quota ${path}, or set-backlog-quota with --policy producer_request_hold`;
  if (policies.has("consumer_backlog_eviction"))
    return [
      {
        id: "backlog-evicts",
        severity: "error",
        found: "the backlog quota evicts what nobody has taken yet (consumer_backlog_eviction)",
        means: "commands, attempts and wake-ups are lost when much waits",
        mend,
      },
    ];
  if (isDefault) return [];
  const limits = ofNamespace.map(
    ({ limitSize, limitTime }) => `${limitSize ?? -1} bytes, ${limitTime ?? -1} s`,
  );
  return [
    {
      id: "backlog-blocks",
      severity: "warning",
      found: `the backlog quota (${limits.join("; ")}) holds or refuses producers`,
      means:
        "when so much waits, commands are not taken until some of it is worked off; a far timer counts as waiting too",
      mend,
    },
    ...belowDeduplication(ofNamespace, path, runtime),
  ];
};

/** Pulsar's default of `brokerDeduplicationEntriesInterval`. */
const defaultEntriesInterval = 1_000;
/** A message is not larger, bytes: a frame of the WebSocket API, in which the payload takes a third more. */
const largestMessage = 786_432;

/** What the broker remembers for deduplication counts as waiting, until so many further messages are stored. */
function belowDeduplication(
  ofNamespace: readonly z.infer<typeof quota>[],
  path: string,
  runtime: Runtime,
): readonly Finding[] {
  const entries = Number(runtime?.brokerDeduplicationEntriesInterval ?? defaultEntriesInterval);
  const needed = entries * largestMessage;
  const below = ofNamespace.find(
    ({ limitSize }) => limitSize != null && limitSize >= 0 && limitSize < needed,
  );
  if (below === undefined) return [];
  return [
    {
      id: "backlog-below-deduplication",
      severity: "warning",
      found: `the backlog quota of ${below.limitSize} bytes is less than ${entries} messages may take (${needed} bytes)`,
      means:
        "the broker counts up to so many messages as waiting for deduplication's sake, though all were taken: a topic may stay full for good",
      mend: `pulsar-admin namespaces set-backlog-quota ${path} --limit ${Math.ceil(needed / 1_000_000)}M or more, or remove-backlog-quota`,
    },
  ];
}

export const retention: Check = async ({ cluster, path, runtime, setup }) => {
  const findings: Finding[] = [];
  const byDefault = {
    minutes: Number(runtime?.defaultRetentionTimeInMinutes ?? 0),
    megabytes: Number(runtime?.defaultRetentionSizeInMB ?? 0),
  };
  const ofNamespace = await cluster.read(`namespaces/${path}/retention`, retentionAnswer);
  for (const topic of [
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
    topics.workflows,
  ]) {
    const seen = await cluster.glimpse(`persistent/${path}/${topic}/retention`, retentionAnswer);
    const own = typeof seen === "string" ? undefined : seen.value;
    const answer = own ?? ofNamespace;
    const effective = answer === undefined ? byDefault : retentionOf(answer);
    const isHistory = topic === "history";
    if (effective.minutes === 0 || effective.megabytes === 0)
      findings.push({
        id: `retention-missing-${topic}`,
        severity: isHistory ? "error" : "warning",
        found: `${topic} has no retention`,
        means:
          "nobody subscribes to it, so the broker deletes what is in it, and the topic when no process is connected",
        mend: `downbeat setup ${setup}`,
      });
    else if (isHistory && (effective.minutes > 0 || effective.megabytes > 0))
      findings.push({
        id: "retention-limited",
        severity: "error",
        found: `history is kept: ${retentionWords(effective)}`,
        means: "a run that is open for longer loses its beginning, and older ones can't be opened any more",
        mend: `downbeat setup ${setup} --history-retention unlimited`,
      });
  }
  return findings;
};

export const replication: Check = async (patient) => {
  const { cluster, path } = patient;
  const ofNamespace = (await cluster.read(`namespaces/${path}/replication`, clustersAnswer)) ?? [];
  const ofInbox = await cluster.glimpse(`persistent/${path}/inbox/replication`, clustersAnswer);
  const clusters = typeof ofInbox === "string" ? ofNamespace : (ofInbox.value ?? ofNamespace);
  if (clusters.length < 2) return historyReplication(patient, ofNamespace);
  return [
    {
      id: "inbox-replicated",
      severity: "error",
      found: `the inbox is replicated to ${clusters.join(", ")}`,
      means: "engines in two regions would answer the same commands",
      mend: `pulsar-admin namespaces set-clusters ${path} --clusters <this one>; then downbeat setup --replicate-to (docs/geo-replication.md)`,
    },
  ];
};

async function historyReplication(
  { cluster, path, setup }: Patient,
  here: readonly string[],
): Promise<readonly Finding[]> {
  const seen = await cluster.glimpse(`persistent/${path}/history/replication`, clustersAnswer);
  const clusters = (typeof seen === "string" ? undefined : seen.value) ?? [];
  if (clusters.length === 0 || clusters.some((name) => !here.includes(name))) return [];
  return [
    {
      id: "replication-to-itself",
      severity: "warning",
      found: `history is to be replicated to ${[...new Set(clusters)].join(", ")} alone, where it is`,
      means: "no other cluster gets a copy",
      mend: `downbeat setup ${setup} --replicate-to <another one>, or none (docs/geo-replication.md)`,
    },
  ];
}

export const schemaValidation: Check = async ({ cluster, path, setup }) => {
  if ((await cluster.read(`namespaces/${path}/schemaValidationEnforced`, z.boolean())) !== true) return [];
  return [
    {
      id: "schema-enforced",
      severity: "error",
      found: "schema validation is enforced in the namespace",
      means: "history has a schema, and WebSocket producers send bytes: they are refused",
      mend: `downbeat setup ${setup}`,
    },
  ];
};

export const inactiveTopics: Check = async ({ cluster, path, runtime, setup }) => {
  const policy = await cluster.read(`namespaces/${path}/inactiveTopicPolicies`, inactiveAnswer);
  const isOn = policy?.deleteWhileInactive ?? runtime?.brokerDeleteInactiveTopicsEnabled !== "false";
  if (!isOn) return [];
  return [
    {
      id: "inactive-topics-deleted",
      severity: "warning",
      found: "topics without subscriptions are deleted when no process is connected for some time",
      means:
        "what is in quarantine can go before its time, and topics that were made ahead are not there when they are needed",
      mend: `downbeat setup ${setup}`,
    },
  ];
};
