import type { Position } from "@downbeat/message-log";
import type {
  AppendBatch,
  CommitBatch,
  EntryRange,
  PartitionedRow,
  SegmentRow,
  SubscriptionRow,
  TopicRow,
} from "./storage/batch.ts";
import { encodeMessage, propertiesJson, sizeBound } from "./storage/message-codec.ts";
import type { Storage } from "./storage/storage.ts";
import { isFull } from "./storage/storage-error.ts";
import type { StoredMessage } from "./stored-message.ts";
import type { Subscription } from "./subscription.ts";
import type { Topic } from "./topic.ts";
import { TopicDeletions } from "./topic-deletions.ts";

// While appends keep coming in, a commit waits for further turns of the event loop, within these bounds. Never for less than
// two: who is given a message before its commit and decides in its next turn has the outcome in the same transaction.
const fewestTurns = 2;
const mostTurns = 4;
const longestGatherMs = 2;
// Under load a commit costs the same with a few messages or a hundred, so they keep a distance then. A lone sender, who
// waits for each receipt, never makes for load, nor does one chain of messages in the process.
const busyPerMs = 8;
const busyIntervalMs = 4;
const enoughBytes = 1024 * 1024;
// Acknowledgements alone are not worth an fsync: losing one only means that the message comes again.
const lazyMs = 50;
const cursorsAtMostEveryMs = 25;
const tryAgainMs = 1_000;

interface Receipt {
  readonly resolve: (position: Position | undefined) => void;
  readonly reject: (error: Error) => void;
  readonly position: Position | undefined;
}

/**
 * Collects what changes and writes it in one transaction at a time.
 *
 * G1 Receipts, and durable deliveries, come after the commit that holds their message.
 * G2 A transaction holds every append made before it was taken. So an acknowledgement is never durable before a message
 *    appended earlier in the process, whatever was decided on deliveries before their commit.
 * G3 A failed commit is final: `onFailure` ends the log. Only where there is no room, the same batch is tried again until there is.
 */
export class GroupCommit {
  readonly #storage: Storage;
  readonly #onFailure: (error: unknown) => void;
  readonly #onFull: (is: boolean) => void;
  readonly #now: () => number;

  #appends: { readonly topic: Topic; readonly message: StoredMessage }[] = [];
  #appendBytes = 0;
  #erased: EntryRange[] = [];
  #receipts: Receipt[] = [];
  #topics: TopicRow[] = [];
  #noLongerWhole: number[] = [];
  #segments: SegmentRow[] = [];
  #partitioned: PartitionedRow[] = [];
  #subscriptions: SubscriptionRow[] = [];
  #removedSubscriptions: number[] = [];
  #producers = new Map<Topic, Set<string>>();
  #cursors = new Set<Subscription>();
  readonly #deletions = new Map<Topic, TopicDeletions>();

  #committing: Promise<void> | undefined;
  #gathering: { readonly since: number; turns: number; seen: number } | undefined;
  #flushedAt = 0;
  /** Appends per ms, smoothed. */
  #pace = 0;
  #lazy: NodeJS.Timeout | undefined;
  #cursorsWrittenAt = 0;
  #stopped = false;
  #stopping = false;
  #isFull = false;
  #endPause = () => {};
  /** Transactions so far, for benchmarks. */
  count = 0;

  constructor(
    storage: Storage,
    now: () => number,
    listeners: {
      readonly onFailure: (error: unknown) => void;
      /** There is no room, or there is again. */
      readonly onFull: (is: boolean) => void;
    },
  ) {
    this.#storage = storage;
    this.#now = now;
    this.#onFailure = listeners.onFailure;
    this.#onFull = listeners.onFull;
  }

  /** Nothing more should be appended: it would only wait in memory. */
  get isFull(): boolean {
    return this.#isFull;
  }

  append(topic: Topic, message: StoredMessage, producerName: string | undefined): Promise<Position> {
    this.#appends.push({ topic, message });
    this.#appendBytes += message.payload.byteLength;
    const before = topic.superseded(message);
    if (before !== undefined) this.#erased.push({ topic: topic.id, first: before, last: before });
    if (producerName !== undefined) this.#markProducer(topic, producerName);
    return new Promise((resolve, reject) => {
      this.#receipts.push({ resolve: () => resolve(message.position), reject, position: message.position });
      this.#gather();
    });
  }

  /** Resolves when everything asked for so far is durable. */
  settled(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#receipts.push({ resolve: () => resolve(), reject, position: undefined });
      this.#gather();
    });
  }

  addTopic(topic: Topic): void {
    this.#topics.push({ id: topic.id, name: topic.name, lastEntry: -1, whole: topic.whole });
  }

  notWhole(topic: number): void {
    this.#noLongerWhole.push(topic);
  }

  addSegment(segment: SegmentRow): void {
    this.#segments.push(segment);
  }

  addPartitioned(row: PartitionedRow): void {
    this.#partitioned.push(row);
  }

  addSubscription(row: SubscriptionRow): void {
    this.#subscriptions.push(row);
  }

  removeSubscription(subscription: Subscription): void {
    this.#cursors.delete(subscription);
    this.#removedSubscriptions.push(subscription.id);
  }

  cursorMoved(subscription: Subscription): void {
    this.#cursors.add(subscription);
    this.#armLazy();
  }

  #armLazy(): void {
    if (this.#gathering !== undefined || this.#committing !== undefined || this.#lazy !== undefined) return;
    this.#lazy = setTimeout(() => {
      this.#lazy = undefined;
      this.#gather();
    }, lazyMs);
  }

  /** Deletes what a topic holds up to there. */
  erase(topic: Topic, last: number): void {
    this.#erased.push({ topic: topic.id, first: 0, last });
    this.#gather();
  }

  deletable(topic: Topic, entry: number): void {
    this.#deletionsOf(topic).add(entry);
  }

  /** Writes what is left and takes nothing more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#endPause();
    clearTimeout(this.#lazy);
    while (!this.#stopped && (this.#committing !== undefined || this.#hasWork())) {
      if (this.#committing === undefined) this.#flush(true);
      await this.#committing;
    }
    this.#stopped = true;
  }

  /** Gives up: nothing is written any more, and what waits for a receipt gets the error. */
  abandon(error: Error): void {
    this.#stopped = true;
    clearTimeout(this.#lazy);
    const receipts = this.#receipts;
    this.#receipts = [];
    for (const { reject } of receipts) reject(error);
  }

  #hasWork(): boolean {
    return (
      this.#receipts.length > 0 ||
      this.#cursors.size > 0 ||
      this.#topics.length > 0 ||
      this.#removedSubscriptions.length > 0
    );
  }

  #deletionsOf(topic: Topic): TopicDeletions {
    let deletions = this.#deletions.get(topic);
    if (deletions === undefined) {
      deletions = new TopicDeletions(topic);
      this.#deletions.set(topic, deletions);
    }
    return deletions;
  }

  #markProducer(topic: Topic, name: string): void {
    const names = this.#producers.get(topic);
    if (names === undefined) this.#producers.set(topic, new Set([name]));
    else names.add(name);
  }

  #gather(): void {
    if (this.#gathering !== undefined || this.#committing !== undefined || this.#stopped) return;
    const since = performance.now();
    this.#gathering = { since, turns: 0, seen: this.#receipts.length };
    const wait = this.#pace < busyPerMs ? 0 : this.#flushedAt + busyIntervalMs - since;
    if (wait > 0.5) setTimeout(this.#onTurn, wait);
    else setImmediate(this.#onTurn);
  }

  readonly #onTurn = (): void => {
    const gathering = this.#gathering;
    if (gathering === undefined || this.#stopped) return;
    if (this.#committing !== undefined) {
      this.#gathering = undefined;
      return;
    }
    gathering.turns += 1;
    const grew = this.#receipts.length > gathering.seen;
    gathering.seen = this.#receipts.length;
    const enough =
      gathering.turns >= mostTurns ||
      this.#appendBytes >= enoughBytes ||
      performance.now() - gathering.since >= longestGatherMs;
    if ((grew || gathering.turns < fewestTurns) && !enough) {
      setImmediate(this.#onTurn);
      return;
    }
    this.#gathering = undefined;
    this.#flush(false);
  };

  #flush(everything: boolean): void {
    clearTimeout(this.#lazy);
    this.#lazy = undefined;
    const appends = this.#appends;
    const receipts = this.#receipts;
    const lastEntries = newestEntries(appends);
    const now = performance.now();
    this.#pace = 0.7 * this.#pace + (0.3 * appends.length) / Math.max(now - this.#flushedAt, 0.1);
    this.#flushedAt = now;
    this.count += 1;
    const batch = this.#takeBatch(lastEntries, everything);
    this.#committing = this.#write(batch).then(
      () => this.#committed(lastEntries, receipts),
      (error: unknown) => {
        this.#committing = undefined;
        this.#receipts = [...receipts, ...this.#receipts];
        this.#onFailure(error);
      },
    );
  }

  async #write(batch: CommitBatch): Promise<void> {
    for (;;) {
      try {
        await this.#storage.commit(batch);
        if (this.#isFull) this.#onFull(false);
        this.#isFull = false;
        return;
      } catch (error) {
        if (!isFull(error) || this.#stopping) throw error;
        if (!this.#isFull) this.#onFull(true);
        this.#isFull = true;
        await this.#pause();
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, tryAgainMs);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #committed(lastEntries: ReadonlyMap<Topic, number>, receipts: readonly Receipt[]): void {
    this.#committing = undefined;
    for (const [topic, entry] of lastEntries) topic.committed(entry);
    for (const { resolve, position } of receipts) resolve(position);
    if (this.#receipts.length > 0) this.#gather();
    else if (this.#cursors.size > 0)
      for (const subscription of this.#cursors) return this.cursorMoved(subscription);
  }

  #takeBatch(lastEntries: ReadonlyMap<Topic, number>, everything: boolean): CommitBatch {
    const now = performance.now();
    const withCursors =
      everything || this.#appends.length === 0 || now - this.#cursorsWrittenAt >= cursorsAtMostEveryMs;
    if (withCursors) this.#cursorsWrittenAt = now;
    const batch: CommitBatch = {
      topics: this.#topics,
      noLongerWhole: this.#noLongerWhole,
      segments: this.#segments,
      partitioned: this.#partitioned,
      subscriptions: this.#subscriptions,
      removedSubscriptions: this.#removedSubscriptions,
      // What everyone is done with already needs no place in the file: an entry that is not there is acknowledged.
      appends: encodeAppends(
        this.#appends.filter(({ topic, message }) => topic.isWorthStoring(message.entry)),
      ),
      lastEntries: Array.from(lastEntries, ([topic, entry]) => ({ topic: topic.id, entry })),
      producers: [...this.#producers].flatMap(([topic, names]) =>
        Array.from(names, (name) => ({
          topic: topic.id,
          name,
          sequence: topic.sequences.get(name) ?? -1,
          usedAt: Math.round(this.#now()),
        })),
      ),
      ...(withCursors ? this.#takeCursors() : { cursors: [], acked: [], deletions: [] }),
      erased: this.#erased,
    };
    this.#erased = [];
    this.#topics = [];
    this.#noLongerWhole = [];
    this.#segments = [];
    this.#partitioned = [];
    this.#subscriptions = [];
    this.#removedSubscriptions = [];
    this.#appends = [];
    this.#appendBytes = 0;
    this.#receipts = [];
    this.#producers = new Map();
    return batch;
  }

  #takeCursors(): Pick<CommitBatch, "cursors" | "acked" | "deletions"> {
    const cursors: { subscription: number; markDelete: number }[] = [];
    const acked: { subscription: number; entries: number[] }[] = [];
    const topics = new Set<Topic>();
    for (const subscription of this.#cursors) {
      topics.add(subscription.topic);
      const { id, markDelete } = subscription;
      const entries = subscription.ackedToStore.filter((entry) => entry > markDelete);
      subscription.ackedToStore = [];
      if (!subscription.isDurable) continue;
      cursors.push({ subscription: id, markDelete });
      if (entries.length > 0) acked.push({ subscription: id, entries });
    }
    this.#cursors = new Set();
    const deletions = [];
    for (const topic of topics) deletions.push(...this.#deletionsOf(topic).take());
    return { cursors, acked, deletions };
  }
}

function newestEntries(
  appends: readonly { readonly topic: Topic; readonly message: StoredMessage }[],
): Map<Topic, number> {
  const newest = new Map<Topic, number>();
  for (const { topic, message } of appends) newest.set(topic, message.entry);
  return newest;
}

function encodeAppends(
  appends: readonly { readonly topic: Topic; readonly message: StoredMessage }[],
): AppendBatch {
  const properties = appends.map(({ message }) => propertiesJson(message));
  let bound = 0;
  for (const [i, { message }] of appends.entries()) bound += sizeBound(message, properties[i] ?? "");
  // Not from the pool: the buffer is handed over to the storage thread.
  const bytes = Buffer.allocUnsafeSlow(bound);
  const topics: number[] = [];
  const entries: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const [i, { topic, message }] of appends.entries()) {
    at = encodeMessage(message, properties[i] ?? "", bytes, at);
    topics.push(topic.id);
    entries.push(message.entry);
    ends.push(at);
  }
  return { topics, entries, ends, bytes };
}
