import { LogError } from "@downbeat/message-log";
import { partitionedTopics, singleTopics, topics } from "@downbeat/protocol";
import { quotaAnswer, whyFull } from "@downbeat/pulsar/admin";
import { knownTopics } from "../setup/steps/topics.ts";
import { isTerminated } from "../setup/topic-state.ts";
import type { Check, Finding, Patient } from "./finding.ts";

/** Topics that are there and take nothing: ended for good, or over their backlog quota. */
export const topicStates: Check = async (patient) => {
  const findings: Finding[] = [];
  const known = await knownTopics(patient);
  for (const topic of [...known.topics].filter(isOurs).toSorted()) {
    try {
      findings.push(...(await stateOf(patient, topic)));
    } catch (error) {
      // A topic that the broker can't even open; why is for others to find.
      if (!(error instanceof LogError) || error.code !== "unavailable") throw error;
    }
  }
  return findings;
};

async function stateOf({ cluster, path, setup }: Patient, topic: string): Promise<readonly Finding[]> {
  const topicPath = `persistent/${path}/${topic}`;
  const isPartition = partitionedTopics.some((name) => topic.startsWith(`${name}-partition-`));
  if (await isTerminated(cluster, topicPath))
    return [
      {
        id: "topic-terminated",
        severity: "error",
        found: `the topic ${topic} is terminated`,
        means: `nothing can be sent there any more: ${meansOf(topic)}`,
        mend: isPartition
          ? "it can't be undone, and its runs are in it: use a new namespace for new runs"
          : `downbeat setup ${setup} makes it again once nothing waits in it`,
      },
    ];
  const figures = await cluster.glimpse(`${topicPath}/stats`, quotaAnswer);
  const full =
    typeof figures === "string" || figures.value === undefined ? undefined : whyFull(figures.value);
  if (full === undefined) return [];
  return [
    {
      id: "topic-full",
      severity: "error",
      found: `${topic}: ${full.replace(/\.$/, "")}`,
      means: `producers are refused or held: ${meansOf(topic)}`,
      mend: `let its consumers work it off, or raise the quota: pulsar-admin namespaces set-backlog-quota ${path} …`,
    },
  ];
}

function isOurs(topic: string): boolean {
  return (
    topic.startsWith(topics.jobs("")) ||
    singleTopics.includes(topic) ||
    partitionedTopics.some((name) => topic.startsWith(`${name}-partition-`))
  );
}

function meansOf(topic: string): string {
  if (topic.startsWith(topics.jobs(""))) return "its jobs wait, and are handed over when it takes them again";
  if (topic.startsWith("inbox-")) return "commands for a part of the runs are not taken";
  if (topic.startsWith("history-")) return "nothing is decided for a part of the runs";
  if (topic === topics.timers) return "wake-ups come from the engine alone";
  return "what belongs there is not kept";
}
