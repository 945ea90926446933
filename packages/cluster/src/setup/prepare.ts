import { LogError } from "@downbeat/message-log";
import { longestDelayMs, partitionedTopics } from "@downbeat/protocol";
import type { TopicAdmin } from "@downbeat/pulsar/admin";
import { Namespace } from "@downbeat/wire";
import type { Cluster } from "./cluster.ts";
import { type SetupLine, setUp } from "./set-up.ts";
import { brokerVersion } from "./steps/broker.ts";
import { fixedPartitions, knownPartitions } from "./steps/topics.ts";
import { isShorterThanDelay, timeToLiveOf } from "./time-to-live.ts";
import type { Wanted } from "./wanted.ts";

/** The namespace can't be worked on. The message says why and what to do. */
export class NotSetUpError extends Error {
  override readonly name = "NotSetUpError";
}

export interface PrepareOptions {
  /** Called before the first thing is made. */
  readonly onMissing?: () => void;
  readonly onLine?: (line: SetupLine) => void;
}

/**
 * Sets the namespace up if that was never done, and checks what nothing works without.
 *
 * @returns the number of partitions
 * @throws LogError `unavailable` when nothing answers, `unauthorized` when it is not set up and the token may not do it
 * @throws NoBrokerError
 * @throws NotSetUpError
 */
export async function prepare(
  cluster: Cluster,
  wanted: Wanted,
  options: PrepareOptions = {},
): Promise<number> {
  const namespace = new Namespace(wanted.tenant, wanted.namespace);
  const { name } = namespace;
  const topics = cluster.topicsOf(namespace);
  let counts = await partitionCounts(topics, name);
  if (counts.length < partitionedTopics.length) {
    await make(cluster, withPartitions(wanted, counts[0]), name, options);
    counts = await partitionCounts(topics, name);
  }
  const partitions = same(name, counts);
  const seconds = await timeToLiveOf(cluster, name);
  if (seconds !== undefined && isShorterThanDelay(seconds)) throw new NotSetUpError(tooShort(name, seconds));
  return partitions;
}

async function make(
  cluster: Cluster,
  wanted: Wanted,
  name: string,
  { onMissing, onLine }: PrepareOptions,
): Promise<void> {
  await brokerVersion(cluster);
  onMissing?.();
  try {
    for await (const line of setUp(cluster, wanted)) {
      onLine?.(line);
      if (line.outcome === "differs")
        throw new NotSetUpError(
          `The namespace ${name} can't be used: ${line.what} has ${line.found ?? "something else"}: ${line.why}.`,
        );
    }
  } catch (error) {
    if (error instanceof LogError && error.code === "unauthorized")
      throw new LogError("unauthorized", notAllowed(wanted, error), { cause: error });
    throw error;
  }
}

function withPartitions(wanted: Wanted, known: number | undefined): Wanted {
  return known === undefined ? wanted : { ...wanted, partitions: known };
}

/** Of the partitioned topics that are there. Who may only send and receive may ask this too. */
async function partitionCounts(topics: TopicAdmin, name: string): Promise<number[]> {
  try {
    return [...(await knownPartitions(topics)).values()];
  } catch (error) {
    if (!(error instanceof LogError) || error.code !== "unauthorized") throw error;
    throw new LogError(
      "unauthorized",
      `Its token must let this process send to and receive from the topics of ${name}: ${error.message}`,
      { cause: error },
    );
  }
}

function same(name: string, counts: readonly number[]): number {
  const [first, ...others] = counts;
  if (first === undefined || counts.length < partitionedTopics.length)
    throw new LogError(
      "unavailable",
      `The topics of ${name} were made, but the broker does not show them yet.`,
    );
  if (others.every((count) => count === first)) return first;
  throw new NotSetUpError(
    `The topics ${partitionedTopics.join(" and ")} of ${name} have ${counts.join(" and ")} partitions, but must have the same number: ${fixedPartitions}.`,
  );
}

function notAllowed({ tenant, namespace }: Wanted, error: LogError): string {
  return `The namespace ${tenant}/${namespace} is not set up for Downbeat, and this process may not do it (${error.message}) Whoever may runs: npx downbeat setup --tenant ${tenant} --namespace ${namespace}`;
}

function tooShort(name: string, seconds: number): string {
  return `Messages of ${name} live ${seconds} s (time-to-live), but a timer's wake-up may wait ${longestDelayMs / 1_000} s and would be lost: run npx downbeat setup, or pulsar-admin namespaces set-message-ttl ${name} --messageTTL 0.`;
}
