import {
  type Clock,
  LogError,
  type MessageLog,
  type Position,
  type Reader,
  reconnectingReader,
  systemClock,
} from "@downbeat/message-log";
import { topics } from "@downbeat/protocol";
import { type Cache, isCorrupt, namingFullDisk, openCache, rebuildCache, removeCache } from "../cache.ts";
import type { Freshness } from "../views.ts";
import type { Flushed } from "../write/flushed.ts";
import { Projection } from "../write/projection.ts";
import { quarantinePartition } from "../write/topic-of.ts";
import type { BackfillPart } from "./backfill-part.ts";
import { type Beginning, beginningAt } from "./beginning.ts";
import { CacheCheck } from "./cache-check.ts";
import { CacheRetention } from "./cache-retention.ts";
import type { ProjectionFeed, ProjectionStatus } from "./feed.ts";
import { FreshnessTracker } from "./freshness-tracker.ts";
import { goneEntry } from "./gone-partition.ts";
import type { FirstMessage } from "./log-identity.ts";
import { isUnknownPosition, otherLog } from "./other-log.ts";
import { Recheck } from "./recheck.ts";
import { waitingJobTypes } from "./waiting-job-types.ts";
import { WriteSide } from "./write-side.ts";

export interface FollowerOptions {
  readonly log: MessageLog;
  /** The cache file. */
  readonly path: string;
  /** Names the log: address, tenant and namespace. */
  readonly source: string;
  readonly clock?: Clock;
  /** Shortest time between two flushes under load; a third of it when there is little to write. */
  readonly flushEveryMs?: number;
  /** How long the events of a run stay in the cache after its end, ms. Not given: forever. */
  readonly hotWindowMs?: number | undefined;
  /** How long a run stays in the cache after its end, with nothing but its id left then, ms. Not given: forever. */
  readonly keepClosedMs?: number | undefined;
  /** How long its id stays, ms. */
  readonly keepIdsMs?: number | undefined;
  /** An empty cache begins with the hot window instead of the beginning of the log. For who can backfill what was before. */
  readonly beginsWithHotWindow?: boolean | undefined;
  readonly onNotice?: (sentence: string) => void;
  /** The projection can't go on: the process should end, and begin again. */
  readonly onFailure?: (error: Error) => void;
}

// As often as changes are pushed to a browser: more would only cost.
const defaultFlushEveryMs = 100;
const manyEvents = 100;
const mostPendingEvents = 5_000;
const checkEveryMs = 1_000;
const setupRetryMs = 500;

/**
 * Keeps the cache at the end of the log: a reader a partition, flushes when there is something to write: at once after a pause, ten times a second
 * under load, so that the cost of a flush is shared by many records.
 */
export class Follower implements ProjectionFeed {
  readonly #options: FollowerOptions;
  readonly #clock: Clock;
  readonly #flushed = new Set<(flushed: Flushed) => void>();
  readonly #rebuilt = new Set<(reason: string) => void>();
  readonly #tracker = new FreshnessTracker();
  readonly #check: CacheCheck;
  #cache: Cache;
  #projection: Projection;
  readonly #readers: Reader[] = [];
  readonly #connectedPartitions = new Set<number>();
  /** Why the log could not be asked last; gone when it answers. */
  #trouble: Error | undefined;
  #partitions = 0;
  #records = 0;
  #events = 0;
  #flushMs = 0;
  #lastFlush = 0;
  #lastFlushEvents = 0;
  #flushTimer: (() => void) | undefined;
  #checkTimer: (() => void) | undefined;
  readonly #retention: CacheRetention;
  #writeSide: WriteSide | undefined;
  #closed = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#cache = openCache(options.path, options.source);
    try {
      this.#projection = this.#newProjection();
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      this.#cache = rebuildCache(this.#cache, options.source, "it is damaged");
      this.#projection = this.#newProjection();
    }
    this.#check = new CacheCheck(options.log, () => ({ db: this.#cache.db, projection: this.#projection }));
    if (this.#cache.rebuilt !== undefined) this.#noticeRebuild(this.#cache.rebuilt);
    this.#retention = new CacheRetention({
      ...options,
      clock: this.#clock,
      cache: () => this.#cache,
      projection: () => this.#projection,
      flush: () => this.#flush(),
      onFailure: (error) => void this.#fail(asError(error)),
    });
    void this.#setUp();
  }

  get generation(): string {
    return this.#cache.generation;
  }

  get change(): number {
    return this.#projection.change;
  }

  freshness(): Freshness {
    const freshness = this.#tracker.freshness(this.#connected(), this.#clock.now(), this.#trouble);
    const { earlier, leftOut, removal } = this.#projection;
    const { troubles: all = [], refusing: known = [] } = this.#writeSide ?? {};
    // Who doesn't read knows nothing of what others decide, and says so.
    const troubles = freshness.live ? all : all.filter(({ kind }) => kind === "unknown");
    const refusing = freshness.live ? known : [];
    return {
      ...freshness,
      ...(troubles.length > 0 && { undecided: troubles }),
      ...(refusing.length > 0 && { refusing }),
      ...(earlier !== undefined && { completeFrom: earlier.beginning }),
      ...(leftOut > 0 && { leftOut }),
      ...(removal.upTo > 0 && { removedUpTo: removal.upTo }),
      ...(removal.countedFrom > 0 && { countedFrom: removal.countedFrom }),
    };
  }

  status(): ProjectionStatus {
    return {
      connected: this.#connected(),
      caughtUp: this.#tracker.caughtUp,
      partitions: this.#partitions,
      records: this.#records,
      events: this.#events,
      flushMs: this.#flushMs,
      leftOut: this.#projection.leftOut,
      isSignedUnchecked: this.#projection.partitions.isSignedUnchecked,
      writeSide: this.#writeSide?.status ?? [],
      ...(this.#projection.earlier !== undefined && { earlier: this.#projection.earlier }),
    };
  }

  async backfill(part: BackfillPart): Promise<void> {
    if (this.#closed) throw new Error("The projection is closed.");
    try {
      this.#projection.backfill(part);
    } catch (error) {
      void this.#fail(asError(error));
      throw error;
    }
    this.#flush();
  }

  onFlushed(listener: (flushed: Flushed) => void): () => void {
    this.#flushed.add(listener);
    return () => this.#flushed.delete(listener);
  }

  onRebuilt(listener: (reason: string) => void): () => void {
    this.#rebuilt.add(listener);
    return () => this.#rebuilt.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#flushTimer?.();
    this.#checkTimer?.();
    this.#retention.stop();
    this.#writeSide?.close();
    await Promise.all(this.#readers.map((reader) => reader.close()));
    this.#cache.close();
  }

  #connected(): boolean {
    return this.#partitions > 0 && this.#connectedPartitions.size === this.#partitions;
  }

  #newProjection(): Projection {
    return new Projection(this.#cache, { onOddity: (sentence) => this.#options.onNotice?.(sentence) });
  }

  /** Waits for a log that has history topics, and makes sure that the cache is of this log. */
  async #setUp(): Promise<void> {
    const { log } = this.#options;
    while (!this.#closed) {
      try {
        const partitions = await log.partitionsOf("history");
        if (partitions > 0) {
          await this.#verifyIdentity(partitions);
          this.#partitions = partitions;
          break;
        }
        this.#trouble = new LogError("missing", "history: there are no such topics yet.");
      } catch (error) {
        // Not reachable yet: freshness says so for as long as it lasts.
        this.#trouble = asError(error);
      }
      await this.#pause(setupRetryMs);
    }
    if (this.#closed) return;
    for (let partition = 0; partition < this.#partitions; partition++) this.#read(partition);
    this.#readQuarantine();
    void this.#lookAtEnds();
    this.#writeSide = this.#watchWriteSide();
  }

  #watchWriteSide(): WriteSide {
    return new WriteSide({
      log: this.#options.log,
      clock: this.#clock,
      partitions: this.#partitions,
      decisions: (partition) => this.#projection.decisions(partition),
      owner: (partition) => this.#projection.owner(partition),
      jobTypes: () => waitingJobTypes(this.#cache.db),
      isLive: () => this.#tracker.freshness(this.#connected(), this.#clock.now()).live,
      onNotice: (sentence) => this.#options.onNotice?.(sentence),
    });
  }

  async #verifyIdentity(partitions: number): Promise<void> {
    const checked = await this.#check.all(partitions);
    const gone = checked.flatMap((each) => each.gone ?? []);
    const why = gone.find(({ reason }) => reason !== undefined)?.reason;
    if (why !== undefined) this.#rebuild(why);
    for (const each of gone) if (each.runIds.length > 0) this.#projection.noteGone(goneEntry(each));
    const firsts = checked.map(({ first }) => first);
    await this.#begin(firsts);
    this.#check.remember(firsts);
    this.#flush();
  }

  /** An empty cache of a log that goes further back than the hot window begins with that. */
  async #begin(firsts: readonly (FirstMessage | undefined)[]): Promise<void> {
    const { log, hotWindowMs, beginsWithHotWindow } = this.#options;
    if (beginsWithHotWindow !== true || hotWindowMs === undefined || this.#projection.hasBegun) return;
    const at = this.#clock.now() - hotWindowMs;
    const logFrom = Math.min(...firsts.map((first) => first?.publishedAt ?? at));
    if (logFrom >= at) return;
    const places: Beginning[] = [];
    for (const partition of firsts.keys()) places.push(await beginningAt(log, topics.history(partition), at));
    this.#projection.beginAt({ at, logFrom }, places);
  }

  #rebuild(reason: string): void {
    this.#cache = rebuildCache(this.#cache, this.#options.source, reason);
    this.#projection = this.#newProjection();
    this.#noticeRebuild(reason);
    for (const listener of this.#rebuilt) listener(reason);
  }

  #noticeRebuild(reason: string): void {
    this.#options.onNotice?.(`The read model is built again from the log: ${reason}.`);
  }

  #read(partition: number): void {
    const { log, onNotice } = this.#options;
    const topic = topics.history(partition);
    const recheck = new Recheck({
      clock: this.#clock,
      // Left to who opens the cache next: it says what is gone.
      check: async () => {
        this.#flush();
        const { gone } = await this.#check.one(partition);
        if (gone !== undefined && gone.reason === undefined) this.#projection.noteGone(goneEntry(gone));
        return gone?.reason;
      },
      isClosed: () => this.#closed,
      isAtEnd: () => this.#tracker.caughtUp,
      onMismatch: (why) => void this.#fail(otherLog(topic, `${why}.`)),
    });
    const reader = reconnectingReader(log, topic, {
      clock: this.#clock,
      from: after(this.#projection.position(partition)),
      expectsMore: () => this.#tracker.isBehind(partition),
      onMessage: (message) =>
        recheck.before(message.position, () => {
          this.#projection.take(partition, message);
          this.#scheduleFlush();
        }),
      onStateChange: (state, reason) => {
        if (state === "connected") this.#connectedPartitions.add(partition);
        else this.#connectedPartitions.delete(partition);
        recheck.stateChanged(state);
        if (reason === undefined) return;
        this.#trouble = reason;
        onNotice?.(`The reader of history partition ${partition} has no connection: ${reason.message}`);
      },
      onClose: (reason) => this.#readerClosed(reason, topic),
    });
    this.#readers.push(reader);
  }

  #readQuarantine(): void {
    // Not counted in freshness: that nothing is in quarantine is the rule, and a broker may not have the topic yet.
    const reader = reconnectingReader(this.#options.log, topics.quarantine, {
      clock: this.#clock,
      from: after(this.#projection.position(quarantinePartition)),
      onMessage: (message) => {
        this.#projection.takeQuarantined(message);
        this.#scheduleFlush();
      },
      onClose: (reason) => this.#readerClosed(reason),
    });
    this.#readers.push(reader);
  }

  /** @param history its topic: then the cache stays, so that who opens it next says what is gone with it */
  #readerClosed(reason: Error | undefined, history?: string): void {
    if (reason === undefined || this.#closed) return;
    const isGone = isUnknownPosition(reason);
    if (isGone) this.#options.onNotice?.(`The read model is built again: ${reason.message}`);
    void this.#fail(isGone && history !== undefined ? otherLog(history, reason.message) : reason);
  }

  #scheduleFlush(): void {
    if (this.#projection.pendingEvents >= mostPendingEvents) return this.#flush();
    if (this.#flushTimer !== undefined) return;
    const busy = this.#options.flushEveryMs ?? defaultFlushEveryMs;
    const interval = this.#lastFlushEvents > manyEvents ? busy : busy / 3;
    const wait = Math.max(0, interval - (this.#clock.now() - this.#lastFlush));
    this.#flushTimer = this.#clock.setTimer(() => this.#flush(), wait);
  }

  #flush(): void {
    this.#flushTimer?.();
    this.#flushTimer = undefined;
    if (this.#closed) return;
    const began = performance.now();
    let flushed: Flushed | undefined;
    try {
      flushed = this.#projection.flush();
    } catch (error) {
      return void this.#fail(asError(error));
    }
    this.#flushMs = performance.now() - began;
    this.#lastFlush = this.#clock.now();
    if (flushed === undefined) return;
    this.#lastFlushEvents = flushed.events;
    this.#records += flushed.records;
    this.#events += flushed.events;
    for (let partition = 0; partition < this.#partitions; partition++) {
      const publishedAt = this.#projection.publishedAt(partition);
      const position = this.#projection.position(partition);
      if (publishedAt !== undefined && position !== undefined) {
        this.#tracker.applied(partition, publishedAt, position);
      }
    }
    for (const listener of this.#flushed) listener(flushed);
  }

  async #fail(error: Error): Promise<void> {
    if (this.#closed) return;
    await this.close();
    // So that the next start has something to begin with.
    if (isCorrupt(error) || isUnknownPosition(error)) removeCache(this.#options.path);
    this.#options.onFailure?.(namingFullDisk(error, this.#options.path));
  }

  async #lookAtEnds(): Promise<void> {
    for (let partition = 0; partition < this.#partitions && !this.#closed; partition++) {
      try {
        const askedAt = this.#clock.now();
        const end = await this.#options.log.lastPosition(topics.history(partition));
        // What is taken is in the cache only after a flush.
        if (this.#projection.hasPending) this.#flush();
        this.#tracker.checked(partition, askedAt, end, this.#projection.position(partition));
        this.#trouble = undefined;
      } catch (error) {
        // Freshness ages by itself when the log can't be asked.
        this.#trouble = asError(error);
      }
    }
    if (!this.#closed) this.#checkTimer = this.#clock.setTimer(() => void this.#lookAtEnds(), checkEveryMs);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.setTimer(resolve, ms));
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function after(position: Position | undefined): "earliest" | { readonly after: Position } {
  return position === undefined ? "earliest" : { after: position };
}
