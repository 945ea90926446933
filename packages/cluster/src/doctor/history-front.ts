import { LogError } from "@downbeat/message-log";
import { topics as names, partitionedTopics } from "@downbeat/protocol";
import { z } from "zod";
import type { Check, Finding, Patient } from "./finding.ts";

/** Of the first record, as much as tells whether it is the first that there ever was. */
const firstRecord = z.object({ kind: z.enum(["claim", "decisions"]), epoch: z.number().optional() });

/** That history goes back to its beginning, and that no partition was deleted. */
export const historyFront: Check = async (patient) => {
  try {
    return await findingsOf(patient);
  } catch (error) {
    // Topics that the broker can't even open; why is for others to find.
    if (error instanceof LogError && error.code === "unavailable") return [];
    throw error;
  }
};

async function findingsOf(patient: Patient): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const cut: number[] = [];
  for (const topic of partitionedTopics) {
    const partitions = await patient.topics.partitionsOf(topic);
    const missing: string[] = [];
    for (let partition = 0; partition < partitions; partition++) {
      const name = `${topic}-partition-${partition}`;
      if (await isMissing(patient, name)) missing.push(name);
      else if (topic === "history" && (await isCut(patient, names.history(partition)))) cut.push(partition);
    }
    if (missing.length > 0) findings.push(deleted(missing));
  }
  if (cut.length > 0)
    findings.push({
      id: "history-cut",
      severity: "warning",
      found: `history of partition${cut.length === 1 ? "" : "s"} ${cut.join(", ")} begins in the midst: what was before is gone`,
      means:
        "runs that began before and go on are set aside; a server with an empty cache does not show those that had ended",
      mend: `what is gone comes back from a backup only; against more of it: downbeat setup ${patient.setup} --history-retention unlimited`,
    });
  return findings;
}

async function isMissing({ cluster, path }: Patient, topic: string): Promise<boolean> {
  const seen = await cluster.glimpse(`persistent/${path}/${topic}/stats`, z.unknown());
  return typeof seen !== "string" && seen.value === undefined;
}

async function isCut({ cluster, path }: Patient, topic: string): Promise<boolean> {
  const at = `persistent/${path}/${topic}/examinemessage?initialPosition=earliest&messagePosition=1`;
  const seen = await cluster.glimpse(at, z.unknown()).catch((error: unknown) => {
    // Nothing is in it.
    if (error instanceof LogError && error.code === "invalid") return "off" as const;
    throw error;
  });
  const first = typeof seen === "string" ? undefined : firstRecord.safeParse(seen.value).data;
  return first !== undefined && (first.kind === "decisions" || (first.epoch ?? 1) > 1);
}

function deleted(missing: readonly string[]): Finding {
  const isHistory = missing.some((name) => name.startsWith("history"));
  return {
    id: "partition-deleted",
    severity: "error",
    found: `there is no topic ${missing.join(", ")}`,
    means: isHistory
      ? "what happened in its runs is gone; an engine makes it again, empty"
      : "commands that waited in it are lost; an engine makes it again, empty",
    mend: "restore it from a backup before an engine starts, or let one start",
  };
}
