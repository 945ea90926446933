import { Namespace } from "@downbeat/wire";
import type { Cluster } from "../setup/cluster.ts";
import { runtimeOf } from "../setup/runtime.ts";
import { brokerVersion } from "../setup/steps/broker.ts";
import { brokerSettings } from "./broker-settings.ts";
import type { Check, Finding, Patient } from "./finding.ts";
import { historyFront } from "./history-front.ts";
import { historyWriters } from "./history-writers.ts";
import { offload } from "./offload.ts";
import {
  backlogQuota,
  deduplication,
  delayedDelivery,
  inactiveTopics,
  replication,
  retention,
  schemaValidation,
  timeToLive,
} from "./policies.ts";
import { pulsarSqlAnswers } from "./pulsar-sql.ts";
import { namespaceThere, schema, subscribed, topicsThere } from "./set-up-state.ts";
import { topicStates } from "./topic-states.ts";
import { undecided } from "./undecided.ts";

export interface ExamineOptions {
  readonly tenant: string;
  readonly namespace: string;
  readonly partitions?: number;
  readonly engineRoles?: readonly string[];
  readonly pulsarSql?: string;
}

const oldest = 4;

const ofNamespace: readonly Check[] = [
  topicsThere,
  historyFront,
  topicStates,
  retention,
  deduplication,
  inactiveTopics,
  timeToLive,
  delayedDelivery,
  backlogQuota,
  schemaValidation,
  schema,
  subscribed,
  historyWriters,
  undecided,
  offload,
  replication,
];

/**
 * Compares a cluster with what Downbeat needs. Changes nothing.
 *
 * @throws LogError `unavailable` when nothing answers, and `unauthorized`
 * @throws NoBrokerError
 */
export async function examine(cluster: Cluster, options: ExamineOptions): Promise<readonly Finding[]> {
  const { tenant, namespace, partitions, engineRoles, pulsarSql } = options;
  const version = await brokerVersion(cluster);
  const names = new Namespace(tenant, namespace);
  const patient: Patient = {
    cluster,
    topics: cluster.topicsOf(names),
    path: names.name,
    runtime: await runtimeOf(cluster),
    setup: `--tenant ${tenant} --namespace ${namespace}`,
    ...(partitions !== undefined && { partitions }),
    ...(engineRoles !== undefined && { engineRoles }),
    ...(pulsarSql !== undefined && { pulsarSql }),
  };
  const findings: Finding[] = [];
  if (Number.parseInt(version, 10) < oldest)
    findings.push({
      id: "broker-old",
      severity: "warning",
      found: `the broker is Pulsar ${version}`,
      means: `Downbeat is tested on Pulsar ${oldest}; older ones treat new WebSocket subscriptions differently`,
      mend: `upgrade to Pulsar ${oldest}`,
    });
  findings.push(...(await brokerSettings(patient)));
  const absent = await namespaceThere(patient);
  findings.push(...absent);
  if (absent.length === 0) for (const check of ofNamespace) findings.push(...(await check(patient)));
  findings.push(...(await pulsarSqlAnswers(patient)));
  return findings;
}
