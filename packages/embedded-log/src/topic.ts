import { type Position, parsePosition, position } from "@downbeat/message-log";
import type { SegmentRow } from "./storage/batch.ts";
import { type StoredMessage, weightOf } from "./stored-message.ts";
import type { Subscription } from "./subscription.ts";

/** What wants to know when the topic's visible end moves. */
export interface TopicListener {
  onAppend(): void;
  onCommit(): void;
  /** The first entry it may still ask for; earlier ones need not stay in memory for its sake. */
  readonly nextEntry: number;
}

/**
 * One topic in memory.
 *
 * T1 Every message at or after `hotFloor` that still exists is in `#hot`; everything before it is on disk only.
 * T2 A message that is not durable yet is always in `#hot`.
 * T3 An entry missing at or after `hotFloor` is gone for good: acknowledged by all subscriptions, passed by all readers.
 */
export class Topic {
  readonly id: number;
  /** `tenant/namespace/topic` */
  readonly name: string;
  readonly partitionIndex: number;
  /** Acknowledged messages stay. */
  readonly keepsAll: boolean;
  /** A message goes when another one of its key comes. */
  readonly #newest: Map<string, number> | undefined;
  /** They always did: an entry that is not there is damage. */
  readonly whole: boolean;
  readonly subscriptions = new Map<string, Subscription>();
  readonly listeners = new Set<TopicListener>();
  /** Highest sequence id of each named producer. */
  readonly sequences = new Map<string, number>();
  readonly connectedProducers = new Set<string>();
  lastEntry: number;
  committedEntry: number;
  hotFloor: number;
  hotWeight = 0;
  readonly #hot = new Map<number, StoredMessage>();
  readonly #segments: { readonly ledger: number; readonly firstEntry: number }[] = [];
  readonly #ledger: number;
  readonly #onNewSegment: (segment: SegmentRow) => void;

  constructor(options: {
    readonly id: number;
    readonly name: string;
    readonly partitionIndex: number;
    readonly keepsAll: boolean;
    readonly newestOfKey: boolean;
    readonly whole: boolean;
    readonly lastEntry: number;
    readonly ledger: number;
    readonly onNewSegment: (segment: SegmentRow) => void;
  }) {
    this.id = options.id;
    this.name = options.name;
    this.partitionIndex = options.partitionIndex;
    this.keepsAll = options.keepsAll;
    this.#newest = options.newestOfKey ? new Map() : undefined;
    this.whole = options.whole;
    this.lastEntry = options.lastEntry;
    this.committedEntry = options.lastEntry;
    this.hotFloor = options.lastEntry + 1;
    this.#ledger = options.ledger;
    this.#onNewSegment = options.onNewSegment;
  }

  addSegment(ledger: number, firstEntry: number): void {
    this.#segments.push({ ledger, firstEntry });
  }

  /** Place of the next message. Starts this opening's segment with the topic's first message. */
  nextPosition(): Position {
    if (this.#segments.at(-1)?.ledger !== this.#ledger) {
      this.addSegment(this.#ledger, this.lastEntry + 1);
      this.#onNewSegment({ topic: this.id, ledger: this.#ledger, firstEntry: this.lastEntry + 1 });
    }
    return position(this.#ledger, this.lastEntry + 1);
  }

  append(message: StoredMessage): void {
    this.lastEntry = message.entry;
    this.#hot.set(message.entry, message);
    this.hotWeight += weightOf(message);
    for (const listener of this.listeners) listener.onAppend();
  }

  /** The entry in whose place the message comes. */
  superseded({ key, entry }: StoredMessage): number | undefined {
    if (this.#newest === undefined || key === undefined) return undefined;
    const before = this.#newest.get(key);
    this.#newest.set(key, entry);
    return before;
  }

  committed(entry: number): void {
    this.committedEntry = entry;
    for (const listener of this.listeners) listener.onCommit();
  }

  hot(entry: number): StoredMessage | undefined {
    return this.#hot.get(entry);
  }

  /** Whether a subscription has not acknowledged it, or a reader that is connected has not got it yet. */
  isNeeded(entry: number): boolean {
    for (const listener of this.listeners) if (listener.nextEntry <= entry) return true;
    for (const subscription of this.subscriptions.values())
      if (!subscription.isAcknowledged(entry)) return true;
    return false;
  }

  /** False for what was delivered and acknowledged by all before its commit. */
  isWorthStoring(entry: number): boolean {
    return this.keepsAll || this.subscriptions.size === 0 || this.isNeeded(entry);
  }

  /** Everything up to here is needed by no one. -1 without a subscription: then everything stays. */
  get unneededUpTo(): number {
    if (this.keepsAll || this.subscriptions.size === 0) return -1;
    let mark = this.lastEntry;
    for (const listener of this.listeners) mark = Math.min(mark, listener.nextEntry - 1);
    for (const subscription of this.subscriptions.values()) mark = Math.min(mark, subscription.markDelete);
    return mark;
  }

  /** Needed by no one: see T3. */
  forget(entry: number): void {
    const message = this.#hot.get(entry);
    if (message === undefined || entry > this.committedEntry) return;
    this.#hot.delete(entry);
    this.hotWeight -= weightOf(message);
  }

  /** Drops from memory what is on disk and no attached session is going to ask for next. Returns the weight freed. */
  trim(): number {
    let floor = this.committedEntry + 1;
    for (const listener of this.listeners) floor = Math.min(floor, listener.nextEntry);
    return this.#evictBelow(floor, Number.POSITIVE_INFINITY);
  }

  /** Drops the oldest durable messages from memory although someone will read them: from disk then. */
  evict(weight: number): number {
    return this.#evictBelow(this.committedEntry + 1, weight);
  }

  /** What is on disk up to here is other than it was. */
  rewritten(upTo: number): void {
    this.#evictBelow(Math.min(upTo, this.committedEntry) + 1, Number.POSITIVE_INFINITY);
  }

  #evictBelow(floor: number, weight: number): number {
    let freed = 0;
    if (floor <= this.hotFloor) return freed;
    // Entries were put in in ascending order, so the map yields the oldest first.
    for (const [entry, message] of this.#hot) {
      if (entry >= floor) break;
      if (freed >= weight) {
        this.hotFloor = entry;
        this.hotWeight -= freed;
        return freed;
      }
      this.#hot.delete(entry);
      freed += weightOf(message);
    }
    this.hotFloor = floor;
    this.hotWeight -= freed;
    return freed;
  }

  positionOf(entry: number): Position {
    return position(this.#segmentOf(entry)?.ledger ?? 0, entry);
  }

  get lastPosition(): Position | undefined {
    return this.lastEntry < 0 ? undefined : this.positionOf(this.lastEntry);
  }

  get committedPosition(): Position | undefined {
    return this.committedEntry < 0 ? undefined : this.positionOf(this.committedEntry);
  }

  /** The entry at this position, `undefined` when this log never gave the position out. */
  entryAt(at: Position): number | undefined {
    const { ledger, entry } = parsePosition(at);
    if (!(entry <= this.lastEntry) || this.#segmentOf(entry)?.ledger !== ledger) return undefined;
    return entry;
  }

  #segmentOf(entry: number): { readonly ledger: number; readonly firstEntry: number } | undefined {
    const segments = this.#segments;
    for (let i = segments.length - 1; i >= 0; i--) {
      const segment = segments[i];
      if (segment !== undefined && segment.firstEntry <= entry) return segment;
    }
    return undefined;
  }
}
