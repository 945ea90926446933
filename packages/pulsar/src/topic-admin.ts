import {
  type Backlog,
  comparePositions,
  LogError,
  noSuchTopic,
  type Position,
  position,
  type SubscriptionStats,
  type TopicStats,
} from "@downbeat/message-log";
import type { Namespace } from "@downbeat/wire";
import { z } from "zod";
import { AdminClient, type AdminOptions, failure } from "./admin-client.ts";
import { quotaAnswer, whyFull } from "./backlog-quota.ts";
import type { PulsarOptions } from "./pulsar-options.ts";
import { signInOptions } from "./sign-in.ts";

/**
 * Property of a partitioned topic: how many partitions it was set up with. A cluster's administrator can raise their number at any time, and what was
 * sent to a partition by its key before would no longer be found there.
 */
const setUpWith = "downbeat.partitions";

const partitionsAnswer = z.object({
  partitions: z.number(),
  /** The embedded log doesn't have it. */
  deleted: z.boolean().optional(),
  properties: z.record(z.string(), z.string()).nullish(),
});
const lastMessageAnswer = z.object({
  ledgerId: z.number(),
  entryId: z.number(),
  batchIndex: z.number().optional(),
});
const stateAnswer = z.object({ state: z.string().optional() });
const messageIdAnswer = lastMessageAnswer.omit({ batchIndex: true });
const backlogAnswer = z.object({
  subscriptions: z.record(
    z.string(),
    z.object({ msgBacklog: z.number(), earliestMsgPublishTimeInBacklog: z.number().nullish() }),
  ),
});
const statsAnswer = z.object({
  subscriptions: z.record(
    z.string(),
    z.object({
      type: z.string().nullish(),
      msgBacklog: z.number(),
      msgDelayed: z.number().nullish(),
      consumers: z.array(z.object({ consumerName: z.string().nullish() })).nullish(),
      activeConsumerName: z.string().nullish(),
    }),
  ),
});

/** The admin side of a log, whatever its messages go by. */
export function topicAdmin(options: PulsarOptions, namespace: Namespace): TopicAdmin {
  const { serviceUrl, adminUrl = serviceUrl.replace(/^ws/, "http") } = options;
  return new TopicAdmin(
    { ...signInOptions(options), url: adminUrl },
    namespace,
    options.onNotice ?? (() => {}),
  );
}

/** What a log is asked about its topics, over Pulsar's admin API. */
export class TopicAdmin {
  readonly #client: AdminClient;
  readonly #namespace: Namespace;
  readonly #onNotice: (notice: string) => void;
  readonly #noticed = new Set<string>();
  #closed = false;

  constructor(options: AdminOptions, namespace: Namespace, onNotice: (notice: string) => void) {
    this.#client = new AdminClient(options);
    this.#namespace = namespace;
    this.#onNotice = onNotice;
  }

  async lastPosition(topic: string): Promise<Position | undefined> {
    const path = `${this.#namespace.path(topic)}/lastMessageId`;
    const answer = await this.#get(path);
    if (answer === undefined) return undefined;
    const { ledgerId, entryId, batchIndex } = parsed(path, lastMessageAnswer, answer);
    return ledgerId < 0 || entryId < 0 ? undefined : position(ledgerId, entryId, batchIndex ?? -1);
  }

  async positionAt(topic: string, timeMs: number): Promise<Position | undefined> {
    const path = `${this.#namespace.path(topic)}/messageid/${Math.floor(timeMs)}`;
    const answer = await this.#get(path);
    if (answer === undefined) return undefined;
    const { ledgerId, entryId } = parsed(path, messageIdAnswer, answer);
    if (ledgerId < 0 || entryId < 0) return undefined;
    const found = position(ledgerId, entryId);
    // Where nothing is as late as that, the broker answers with the place of the next message.
    const last = await this.lastPosition(topic);
    return last === undefined || comparePositions(found, last) > 0 ? undefined : found;
  }

  async partitionsOf(topic: string): Promise<number> {
    const { partitions, setUp } = await this.#partitions(topic);
    if (setUp !== undefined && setUp !== partitions) this.#notice(topic, setUp, partitions);
    return setUp ?? partitions;
  }

  async createPartitionedTopic(topic: string, partitions: number): Promise<void> {
    this.#assertOpen();
    const path = `${this.#namespace.path(topic)}/partitions`;
    const answer = await this.#client.request("PUT", path, String(partitions));
    const { status } = answer;
    if (status >= 200 && status < 300) return this.#pin(topic, partitions);
    if (status === 409) {
      const known = await this.#partitions(topic);
      if ((known.setUp ?? known.partitions) === partitions) {
        return known.setUp === undefined ? this.#pin(topic, partitions) : undefined;
      }
      if (known.partitions > 0) {
        throw new LogError(
          "conflict",
          `Topic ${topic} has ${known.setUp ?? known.partitions} partitions, not the ${partitions} that are asked for.`,
        );
      }
    }
    throw failure(answer, `Creating topic ${topic} with ${partitions} partitions`);
  }

  async topicStats(topic: string): Promise<TopicStats> {
    const path = `${this.#namespace.path(topic)}/stats`;
    const answer = await this.#get(path);
    if (answer === undefined) return { subscriptions: [] };
    const { subscriptions } = parsed(path, statsAnswer, answer);
    return {
      subscriptions: Object.entries(subscriptions).map(([name, stats]) => subscriptionStats(name, stats)),
    };
  }

  async backlogOf(topic: string, subscription: string): Promise<Backlog | undefined> {
    const path = `${this.#namespace.path(topic)}/stats?getPreciseBacklog=true&getEarliestTimeInBacklog=true`;
    const answer = await this.#get(path);
    if (answer === undefined) return undefined;
    const { subscriptions } = parsed(path, backlogAnswer, answer);
    const stats = Object.hasOwn(subscriptions, subscription) ? subscriptions[subscription] : undefined;
    if (stats === undefined) return undefined;
    const oldest = stats.earliestMsgPublishTimeInBacklog ?? -1;
    return { messages: stats.msgBacklog, ...(stats.msgBacklog > 0 && oldest > 0 && { oldest }) };
  }

  /** What keeps the topic from taking messages, in a sentence; `undefined` when its backlog is within its quota. */
  async whyFull(topic: string): Promise<string | undefined> {
    const path = `${this.#namespace.path(topic)}/stats`;
    const answer = await this.#get(path);
    return answer === undefined ? undefined : whyFull(parsed(path, quotaAnswer, answer));
  }

  async refusalOf(topic: string): Promise<string | undefined> {
    const path = `${this.#namespace.path(topic)}/stats`;
    const answer = await this.#get(path);
    if (answer === undefined) return noSuchTopic;
    const full = whyFull(parsed(path, quotaAnswer, answer));
    if (full !== undefined) return full;
    const internalPath = `${this.#namespace.path(topic)}/internalStats`;
    const internal = await this.#get(internalPath);
    const isTerminated =
      internal !== undefined && parsed(internalPath, stateAnswer, internal).state === "Terminated";
    return isTerminated ? "the topic is terminated: it takes no more messages, for good." : undefined;
  }

  close(): void {
    this.#closed = true;
    this.#client.close();
  }

  async #partitions(topic: string): Promise<{ partitions: number; setUp?: number; hasProperties: boolean }> {
    const path = `${this.#namespace.path(topic)}/partitions`;
    const answer = await this.#get(path);
    if (answer === undefined) return { partitions: 0, hasProperties: false };
    const { partitions, properties, deleted } = parsed(path, partitionsAnswer, answer);
    const setUp = Number(properties?.[setUpWith]);
    const hasProperties = deleted !== undefined;
    return Number.isInteger(setUp) && setUp > 0 && partitions > 0
      ? { partitions, setUp, hasProperties }
      : { partitions, hasProperties };
  }

  /** Whoever may not write it down goes on without: then a raised number is not noticed. */
  async #pin(topic: string, partitions: number): Promise<void> {
    if (!(await this.#partitions(topic)).hasProperties) return;
    const body = JSON.stringify({ [setUpWith]: String(partitions) });
    await this.#client.request("PUT", `${this.#namespace.path(topic)}/properties`, body);
  }

  #notice(topic: string, setUp: number, partitions: number): void {
    if (this.#noticed.has(topic)) return;
    this.#noticed.add(topic);
    this.#onNotice(
      `Topic ${this.#namespace.fullName(topic)} was set up with ${setUp} partitions and has ${partitions} now. The first ${setUp} are used as before; a run stays where its id puts it.`,
    );
  }

  #get(path: string): Promise<unknown> {
    this.#assertOpen();
    return this.#client.get(path);
  }

  #assertOpen(): void {
    if (this.#closed) throw new LogError("closed", "This connection to the log is closed.");
  }
}

function parsed<T>(path: string, schema: z.ZodType<T>, answer: unknown): T {
  const { data, error } = schema.safeParse(answer);
  if (data !== undefined) return data;
  throw new LogError("unavailable", `GET ${path}: the answer has an unknown form.`, { cause: error });
}

function subscriptionStats(
  name: string,
  stats: z.infer<typeof statsAnswer>["subscriptions"][string],
): SubscriptionStats {
  const { type, activeConsumerName } = stats;
  return {
    name,
    type: type === "Exclusive" || type === "Shared" || type === "Failover" ? type : undefined,
    backlog: stats.msgBacklog,
    delayed: stats.msgDelayed ?? 0,
    consumers: (stats.consumers ?? []).map(({ consumerName }) => consumerName ?? ""),
    ...(activeConsumerName == null || activeConsumerName === ""
      ? {}
      : { activeConsumer: activeConsumerName }),
  };
}
