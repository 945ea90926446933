import { LogError } from "@downbeat/message-log";
import { checkedName } from "@downbeat/wire";
import type { GroupCommit } from "./group-commit.ts";
import { type RetentionRules, retentionOf } from "./retention.ts";
import type { StoredState } from "./storage/batch.ts";
import { Subscription, type SubscriptionContext } from "./subscription.ts";
import { Topic } from "./topic.ts";
import { partitionOf } from "./topic-name.ts";

/** One tenant's namespace, as `tenant/namespace`. */
export type Scope = string;

/** Every topic and subscription of the file. Topics appear with their first use. */
export class Catalogue {
  readonly #topics = new Map<string, Topic>();
  readonly #partitioned = new Map<string, number>();
  readonly #commits: GroupCommit;
  readonly #context: SubscriptionContext;
  readonly #retention: RetentionRules;
  readonly #ledger: number;
  #nextTopicId = 1;
  #nextSubscriptionId = 1;

  constructor(
    state: StoredState,
    retention: RetentionRules,
    commits: GroupCommit,
    context: SubscriptionContext,
  ) {
    this.#commits = commits;
    this.#context = context;
    this.#retention = retention;
    this.#ledger = state.ledger;
    this.#load(state);
  }

  topics(): Iterable<Topic> {
    return this.#topics.values();
  }

  topicsOf(scope: Scope): string[] {
    return [...this.#topics.keys()]
      .filter((name) => name.startsWith(`${scope}/`))
      .map((name) => name.slice(scope.length + 1));
  }

  find(scope: Scope, topic: string): Topic | undefined {
    checkedName("topic", topic);
    return this.#topics.get(`${scope}/${topic}`);
  }

  findOrCreate(scope: Scope, topic: string): Topic {
    checkedName("topic", topic);
    const name = `${scope}/${topic}`;
    const found = this.#topics.get(name);
    if (found !== undefined) return found;

    if (this.#partitioned.has(name)) {
      throw new LogError(
        "invalid",
        `Topic ${topic} is partitioned: open one of its partitions, such as ${topic}-partition-0.`,
      );
    }
    const partition = partitionOf(topic);
    const partitions =
      partition === undefined ? undefined : this.#partitioned.get(`${scope}/${partition.base}`);
    if (partition !== undefined && partitions !== undefined && partition.index >= partitions) {
      throw new LogError(
        "invalid",
        `Topic ${partition.base} has ${partitions} partitions, so there is no ${topic}.`,
      );
    }
    const created = this.#makeTopic(this.#nextTopicId++, name, -1);
    this.#commits.addTopic(created);
    return created;
  }

  partitionsOf(scope: Scope, topic: string): number {
    checkedName("topic", topic);
    return this.#partitioned.get(`${scope}/${topic}`) ?? 0;
  }

  createPartitioned(scope: Scope, topic: string, partitions: number): void {
    checkedName("topic", topic);
    if (!(Number.isInteger(partitions) && partitions >= 1 && partitions <= 10_000)) {
      throw new LogError("invalid", `A topic has 1 to 10,000 partitions, not ${partitions}.`);
    }
    if (partitionOf(topic) !== undefined)
      throw new LogError("invalid", `${topic} is the name of a partition itself.`);
    const name = `${scope}/${topic}`;
    const existing = this.#partitioned.get(name);
    if (existing === partitions) return;
    if (existing !== undefined) {
      throw new LogError("conflict", `Topic ${topic} exists with ${existing} partitions, not ${partitions}.`);
    }
    if (this.#topics.has(name))
      throw new LogError("conflict", `Topic ${topic} exists and is not partitioned.`);
    this.#partitioned.set(name, partitions);
    this.#commits.addPartitioned({ name, partitions });
  }

  subscribe(
    topic: Topic,
    name: string,
    initialPosition: "earliest" | "latest",
    isDurable = true,
  ): Subscription {
    checkedName("subscription", name);
    const found = topic.subscriptions.get(name);
    if (found !== undefined) return found;
    const markDelete = initialPosition === "latest" ? topic.lastEntry : -1;
    const subscription = this.#makeSubscription(this.#nextSubscriptionId++, topic, name, {
      markDelete,
      isDurable,
    });
    if (isDurable) this.#commits.addSubscription({ id: subscription.id, topic: topic.id, name, markDelete });
    return subscription;
  }

  unsubscribe(subscription: Subscription): void {
    const { topic } = subscription;
    topic.subscriptions.delete(subscription.name);
    topic.listeners.delete(subscription);
    if (subscription.isDurable) this.#commits.removeSubscription(subscription);
    // What only this one still needed can go.
    for (const other of topic.subscriptions.values()) this.#commits.cursorMoved(other);
  }

  #makeTopic(id: number, name: string, lastEntry: number, wasWhole = true): Topic {
    const local = name.slice(name.indexOf("/", name.indexOf("/") + 1) + 1);
    const retention = retentionOf(local, this.#retention);
    const keepsAll = retention === "unlimited";
    if (wasWhole && !keepsAll && lastEntry >= 0) this.#commits.notWhole(id);
    const topic = new Topic({
      id,
      name,
      partitionIndex: partitionOf(local)?.index ?? 0,
      keepsAll,
      newestOfKey: retention === "newestOfKey",
      whole: keepsAll && wasWhole,
      lastEntry,
      ledger: this.#ledger,
      onNewSegment: (segment) => this.#commits.addSegment(segment),
    });
    this.#topics.set(name, topic);
    return topic;
  }

  #makeSubscription(
    id: number,
    topic: Topic,
    name: string,
    cursor: {
      readonly markDelete: number;
      readonly isDurable: boolean;
      readonly acked?: readonly number[] | undefined;
    },
  ): Subscription {
    const subscription = new Subscription({ id, name, topic, ...cursor, context: this.#context });
    topic.subscriptions.set(name, subscription);
    topic.listeners.add(subscription);
    return subscription;
  }

  #load(state: StoredState): void {
    const byId = new Map<number, Topic>();
    for (const { id, name, lastEntry, whole } of state.topics) {
      byId.set(id, this.#makeTopic(id, name, lastEntry, whole));
      this.#nextTopicId = Math.max(this.#nextTopicId, id + 1);
    }
    for (const { topic, ledger, firstEntry } of state.segments)
      byId.get(topic)?.addSegment(ledger, firstEntry);
    for (const { name, partitions } of state.partitioned) this.#partitioned.set(name, partitions);
    const acked = new Map(state.acked.map(({ subscription, entries }) => [subscription, entries]));
    for (const { id, topic: topicId, name, markDelete } of state.subscriptions) {
      this.#nextSubscriptionId = Math.max(this.#nextSubscriptionId, id + 1);
      const topic = byId.get(topicId);
      if (topic !== undefined)
        this.#makeSubscription(id, topic, name, { markDelete, isDurable: true, acked: acked.get(id) });
    }
    for (const { topic, name, sequence } of state.producers) byId.get(topic)?.sequences.set(name, sequence);
  }
}
