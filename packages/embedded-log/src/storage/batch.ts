/** What one transaction writes. Plain data: it crosses to the storage thread. */
export interface CommitBatch {
  readonly topics: readonly TopicRow[];
  /** Topics that were whole, and from now on let go of messages. */
  readonly noLongerWhole: readonly number[];
  readonly segments: readonly SegmentRow[];
  readonly partitioned: readonly PartitionedRow[];
  readonly subscriptions: readonly SubscriptionRow[];
  readonly removedSubscriptions: readonly number[];
  readonly appends: AppendBatch;
  /** Newest entry of each topic that was appended to. */
  readonly lastEntries: readonly { readonly topic: number; readonly entry: number }[];
  readonly producers: readonly ProducerRow[];
  readonly cursors: readonly { readonly subscription: number; readonly markDelete: number }[];
  /** Entries acknowledged above the cursor's mark whose message stays because others still need it. */
  readonly acked: readonly { readonly subscription: number; readonly entries: readonly number[] }[];
  readonly deletions: readonly EntryRange[];
  /** Of topics that nobody subscribes to. */
  readonly erased: readonly EntryRange[];
}

/** Messages of all topics behind one another in `bytes`; message i ends at `ends[i]`. */
export interface AppendBatch {
  readonly topics: readonly number[];
  readonly entries: readonly number[];
  readonly ends: readonly number[];
  readonly bytes: Uint8Array;
}

export interface TopicRow {
  readonly id: number;
  /** `tenant/namespace/topic` */
  readonly name: string;
  readonly lastEntry: number;
  /** It never lost a message to its retention: an entry that is not there is damage. */
  readonly whole: boolean;
}

/** From `firstEntry` on, messages of the topic carry `ledger` in their positions. */
export interface SegmentRow {
  readonly topic: number;
  readonly ledger: number;
  readonly firstEntry: number;
}

export interface PartitionedRow {
  readonly name: string;
  readonly partitions: number;
}

export interface SubscriptionRow {
  readonly id: number;
  readonly topic: number;
  readonly name: string;
  /** Everything up to here is acknowledged. */
  readonly markDelete: number;
}

interface ProducerRow {
  readonly topic: number;
  readonly name: string;
  readonly sequence: number;
  readonly usedAt: number;
}

/** A message to be put in the place of one that is stored, and of all after `after` and before it. */
export interface CompactedRow {
  readonly entry: number;
  /** The last one before it that stays. */
  readonly after: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

export interface EntryRange {
  readonly topic: number;
  readonly first: number;
  readonly last: number;
}

/** Everything the log keeps in memory from the start. */
export interface StoredState {
  /** One higher at each opening: positions handed out before a crash are never handed out again. */
  readonly ledger: number;
  readonly topics: readonly TopicRow[];
  readonly segments: readonly SegmentRow[];
  readonly partitioned: readonly PartitionedRow[];
  readonly subscriptions: readonly SubscriptionRow[];
  readonly acked: readonly { readonly subscription: number; readonly entries: readonly number[] }[];
  readonly producers: readonly ProducerRow[];
  /** What was found damaged and could be left out, a sentence each. */
  readonly damage: readonly string[];
}

/** Rows read back. Message i is `bytes` from `ends[i - 1]` to `ends[i]`. */
export interface StoredRows {
  readonly entries: readonly number[];
  readonly ends: readonly number[];
  readonly bytes: Uint8Array;
  /** Which of `entries` do not fit their checksums. */
  readonly damaged: readonly number[];
}
