import { LogError } from "@downbeat/message-log";
import { subscriptions, topics } from "@downbeat/protocol";
import { knownPartitions } from "../setup/steps/topics.ts";
import type { Check, Finding, Patient } from "./finding.ts";

/** Longer than any start or take-over. */
const oldAfterMs = 60_000;

/** Commands that wait in the inboxes and that nobody decides. */
export const undecided: Check = async (patient) => {
  try {
    return await look(patient);
  } catch (error) {
    // Why a topic can't be asked is for other checks to find.
    if (error instanceof LogError) return [];
    throw error;
  }
};

const look = async ({ topics: admin }: Patient): Promise<readonly Finding[]> => {
  const partitions = (await knownPartitions(admin)).get("inbox") ?? 0;
  const waiting: { readonly partition: number; readonly messages: number; readonly oldest: number }[] = [];
  const engines = new Set<string>();
  for (let partition = 0; partition < partitions; partition++) {
    const topic = topics.inbox(partition);
    const { messages = 0, oldest } = (await admin.backlogOf(topic, subscriptions.engine)) ?? {};
    if (oldest === undefined || Date.now() - oldest < oldAfterMs) continue;
    waiting.push({ partition, messages, oldest });
    const { subscriptions: all } = await admin.topicStats(topic);
    for (const { name, consumers } of all)
      if (name === subscriptions.engine) for (const consumer of consumers) engines.add(consumer);
  }
  if (waiting.length === 0) return [];
  const messages = waiting.reduce((sum, each) => sum + each.messages, 0);
  const minutes = Math.floor((Date.now() - Math.min(...waiting.map(({ oldest }) => oldest))) / 60_000);
  const where =
    waiting.length === 1
      ? `partition ${waiting[0]?.partition}`
      : `${waiting.length} of ${partitions} partitions`;
  const who =
    engines.size === 0 ? "no engine is connected there" : `connected there: ${[...engines].join(", ")}`;
  return [
    {
      id: "commands-undecided",
      severity: "warning",
      found: `${messages} ${messages === 1 ? "message waits" : "messages wait"} in the inbox of ${where}, the oldest for ${minutes} min; ${who}`,
      means:
        "runs of these partitions stand still: what people and programs sent to them is safe, and is decided later",
      mend:
        engines.size === 0
          ? "start an engine on this namespace"
          : "ask the engine's /readyz and its log why it decides nothing; start it again, or start another one",
    },
  ];
};
