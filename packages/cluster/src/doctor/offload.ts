import { LogError } from "@downbeat/message-log";
import { z } from "zod";
import { offloadAnswer, offloadPath } from "../setup/steps/offload.ts";
import type { Check, Finding, Patient } from "./finding.ts";

export const offload: Check = async (patient) => {
  const { cluster, path, runtime, setup } = patient;
  const ofTopic = await cluster.glimpse(offloadPath(path), offloadAnswer);
  const policy =
    (typeof ofTopic === "string" ? undefined : ofTopic.value) ??
    (await cluster.read(`namespaces/${path}/offloadPolicies`, offloadAnswer));
  const threshold = policy?.managedLedgerOffloadThresholdInBytes ?? -1;
  const driver = policy?.managedLedgerOffloadDriver ?? "";
  if (driver !== "") return opens(patient, driver);
  if (threshold < 0 || (runtime?.managedLedgerOffloadDriver ?? "") !== "") return [];
  return [
    {
      id: "offload-without-driver",
      severity: "error",
      found: `segments over ${threshold} bytes a topic are to be offloaded, but no driver is set`,
      means: "nothing is moved, and BookKeeper fills up",
      mend: `downbeat setup ${setup} --offload-driver <name> … (docs/tiered-storage.md)`,
    },
  ];
};

/** A broker doesn't say which drivers it has, but can't open a topic that is to use another. */
async function opens({ cluster, path }: Patient, driver: string): Promise<readonly Finding[]> {
  try {
    await cluster.glimpse(`persistent/${path}/history-partition-0/stats`, z.unknown());
    return [];
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    return [
      {
        id: "offload-driver-fails",
        severity: "error",
        found: `the broker can't open history, which is to be offloaded by the driver ${driver}: ${error.message}`,
        means: "no engine can write history, and nobody can read it",
        mend: `put the offloader ${driver} into the broker's directory of offloaders and start the broker again, or take the policy away: pulsar-admin topicPolicies remove-offload-policies persistent://${path}/history`,
      },
    ];
  }
}
