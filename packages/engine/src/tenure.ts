import {
  comparePositions,
  LogError,
  type MessageLog,
  type OutgoingMessage,
  type Position,
  type ReceivedMessage,
} from "@downbeat/message-log";
import {
  type DecisionService,
  type HistoryKeys,
  isCutFront,
  type SignedLink,
  topics,
} from "@downbeat/protocol";
import { because } from "./because.ts";
import type { Clock } from "./clock.ts";
import type { Delegation } from "./delegation.ts";
import type { EffectPublisher } from "./effect-publisher.ts";
import { Fold } from "./fold.ts";
import { claimIsMissing, type KnownClaim } from "./held-back.ts";
import { InOrder } from "./in-order.ts";
import { Inbox } from "./inbox.ts";
import type { EngineObserver } from "./observer.ts";
import { Owner } from "./owner.ts";
import { type Claim, type Mode, Ownership } from "./ownership.ts";
import type { PartitionTime } from "./partition-time.ts";
import type { Quarantine } from "./quarantine.ts";
import type { SecondPerson } from "./second-person.ts";
import { SessionWatch } from "./session-watch.ts";
import { Sessions } from "./sessions.ts";
import type { Slices } from "./slices.ts";
import { Snapshots } from "./snapshots.ts";
import type { StateStore } from "./state-store.ts";
import type { Tuning } from "./tuning.ts";

export interface TenureOptions {
  readonly partition: number;
  /** How many there are. */
  readonly partitions: number;
  /** Name of the engine process: decides which partitions it is given, and stands in its claims. */
  readonly owner: string;
  readonly log: MessageLog;
  readonly decisions: DecisionService;
  readonly delegation: Delegation;
  readonly effects: EffectPublisher;
  readonly quarantine: Quarantine;
  readonly store: StateStore;
  /** Of the processor: what it knows of the log's clock outlives a tenure. */
  readonly time: PartitionTime;
  readonly clock: Clock;
  readonly observer: EngineObserver;
  /** Told when the log took each message that comes by, ms since the epoch. */
  readonly onTime: (publishTime: number) => void;
  readonly tuning: Tuning;
  /** Of the whole process. */
  readonly slices: Slices;
  /** See `EngineOptions`. */
  readonly handOverAgain: boolean;
  readonly keys: HistoryKeys | undefined;
  readonly secondPerson: SecondPerson | undefined;
  readonly knownClaim: ((partition: number) => KnownClaim | undefined) | undefined;
}

/** One life of a processor, from connecting to its drop. */
export class Tenure {
  readonly #o: TenureOptions;
  readonly #onDrop: (reason: string, wasRefused: boolean) => void;
  readonly #sessions: Sessions;
  readonly #ownership: Ownership;
  readonly #inbox: Inbox;
  readonly #history: InOrder<ReceivedMessage>;
  readonly #snapshots: Snapshots;
  readonly #watch: SessionWatch;
  #fold!: Fold;
  #owner: Owner | undefined;
  /** `clock.monotonic()` of the last message, and of the last that was not a Tick. */
  lastTraffic: number;
  #lastInbox: number;
  /** All of its sessions were open at a time. */
  connected = false;
  /** Where history ended when it was opened. */
  #target: Position | undefined;
  /** Its snapshot goes on at a place that is gone from the log, and nothing was read since. */
  #isPastCut = false;
  /** It is made sure that no snapshot by other keys knows more. */
  #isLookedBack = false;
  #cancelSnapshot: (() => void) | undefined;

  constructor(options: TenureOptions, onDrop: (reason: string, wasRefused: boolean) => void) {
    this.#o = options;
    this.#onDrop = onDrop;
    const { clock, observer, partition, tuning } = options;
    const drop = (reason: string) => this.drop(reason);
    this.lastTraffic = clock.monotonic();
    this.#lastInbox = this.lastTraffic;
    this.#history = new InOrder(options.slices, (message) => this.#onHistory(message));
    this.#snapshots = new Snapshots({
      ...options,
      fold: () => this.#fold,
      onRoom: (isThere, sentence) => {
        if (isThere) observer.snapshotSaved?.(partition);
        else observer.snapshotNotSaved?.(partition, sentence);
      },
      onFailure: (error) => {
        this.#discardSnapshot((error as Error).message);
        drop(`the snapshot could not be saved${because(error)}`);
      },
    });
    this.#sessions = new Sessions({
      ...options,
      inboxPrefetch: tuning.inboxPrefetch,
      onHistory: (message) => this.#history.add(message),
      onInbox: (message) => this.#onInbox(message),
      onEnd: drop,
    });
    this.#watch = new SessionWatch({
      ...options,
      isBehind: () => this.mode === "following" && !this.#isCaughtUp && this.#history.isEmpty,
      hasInbox: () => this.#sessions.hasInbox,
      onHistoryStalled: (ms) =>
        drop(`nothing came of history for ${Math.round(ms / 1_000)} s, though the log has more`),
      onInboxStalled: () => this.#sessions.renewInbox(),
    });
    this.#inbox = new Inbox({
      ...options,
      acknowledge: (position) => this.#sessions.acknowledge(position),
      drop,
    });
    this.#ownership = new Ownership({
      ...options,
      sign: (link, payload) => this.#sign(link, payload),
      sessions: this.#sessions,
      readBackTimeoutMs: tuning.readBackTimeoutMs,
      isCaughtUp: () => this.#isCaughtUp,
      epoch: () => this.#fold.cursor.epoch,
      now: () => this.#now(),
      onClaimed: ({ epoch, id }) =>
        observer.claimed?.(partition, epoch, { id, after: this.#fold.position, cursor: this.#fold.cursor }),
      onOwning: (claim) => this.#own(claim),
      drop,
    });
  }

  get mode(): Mode {
    return this.#ownership.mode;
  }

  get isDropped(): boolean {
    return this.mode === "dropped";
  }

  /** Who claimed the partition last, as far as history is read here. */
  get owner(): string | undefined {
    return this.mode === "connecting" ? undefined : this.#fold.cursor.owner;
  }

  /** Why it never decides here: what a newer version wrote, in a sentence without its stop. */
  get newer(): string | undefined {
    return this.mode === "connecting" ? undefined : this.#fold.newer;
  }

  get fold(): Fold {
    return this.#fold;
  }

  async open(): Promise<void> {
    const { log, partition } = this.#o;
    try {
      this.#fold = this.#openFold();
      const { position } = this.#fold;
      this.#target = await log.lastPosition(topics.history(partition));
      if (position !== undefined && (this.#target === undefined || this.#target < position)) {
        // The log is another one, or was cut: the cache speaks of something that isn't there.
        this.#discardSnapshot("it is ahead of the log");
        this.#fold = new Fold(this.#o.store, this.#o.keys);
        return this.drop("the snapshot was ahead of the log");
      }
      if (position !== undefined) this.#isPastCut = await this.#isCutAfter(position);
      if (this.isDropped) return;
      this.#ownership.follow();
      await this.#sessions.openReader(position);
      await this.#sessions.openHistory();
      await this.#sessions.openInbox();
      if (this.isDropped) return void this.close(false);
      this.connected = true;
      if (this.newer !== undefined) this.#holdBack();
      this.#armSnapshot();
      this.#maybeClaim();
    } catch (error) {
      // The log lost what had no receipt yet, in a crash, and the snapshot was made of it.
      if (error instanceof LogError && error.code === "invalid" && this.#fold.position !== undefined)
        this.#discardSnapshot(error.message);
      this.drop(`connecting failed${because(error)}`);
      void this.close(false);
    }
  }

  async #isCutAfter(position: Position): Promise<boolean> {
    const first = await this.#o.log.positionAt(topics.history(this.#o.partition), 0);
    return first !== undefined && comparePositions(position, first) < 0;
  }

  drop(reason: string): void {
    // Rule 8: the session closes with it, or the broker takes what it delivered ahead for received.
    if (this.isDropped) return;
    this.#ownership.drop();
    this.#onDrop(reason, this.#sessions.wasRefused);
  }

  async close(graceful: boolean): Promise<void> {
    if (graceful && !this.isDropped && this.mode !== "connecting") this.#snapshots.saveAtOnce();
    this.#snapshots.abandon();
    this.#watch.close();
    this.#ownership.drop();
    this.#history.clear();
    this.#owner?.close();
    this.#cancelSnapshot?.();
    await this.#sessions.close();
  }

  // What comes

  #onHistory(message: ReceivedMessage): void {
    if (this.isDropped) return;
    this.#watch.historyHeard();
    this.#observe(message, this.#sentAt(message.properties.id));
    try {
      this.#take(message);
    } catch (error) {
      // Only a snapshot that does not belong to this log, or a bug, gets here.
      this.#discardSnapshot((error as Error).message);
      return this.drop(`history could not be applied${because(error)}`);
    }
    this.#snapshots.saveIfMany();
    this.#maybeClaim();
  }

  #take(message: ReceivedMessage): void {
    const { position, properties } = message;
    if (this.#owner?.takes(properties.id) && this.#isOurs(message)) return this.#owner.take(message);
    const isNew = this.#isCaughtUp;
    const isFirst = this.#fold.cursor.epoch === 0;
    // Rule 5: read up to the own claim too: the last record of the owner before may stand just before it.
    const reading = this.#fold.read(message, position);
    const { observer, partition } = this.#o;
    if (this.#isPastCut && reading.type === "leftOut" && reading.cause === "notCounted")
      throw new Error("the log begins after it now, with what doesn't follow it");
    this.#isPastCut = false;
    if ("misdated" in reading) observer.leftOut?.(partition, position, reading.misdated);
    if (isFirst && isCutFront(reading)) observer.beginsLate?.(partition, message.publishTime);
    switch (reading.type) {
      case "claim":
        if (this.newer !== undefined) this.#holdBack();
        return this.#ownership.read(reading.record);
      case "decisions":
        if (isNew) this.#o.time.told(this.#fold.at);
        if (this.newer !== undefined) this.#holdBack();
        if (this.#ownership.holds) this.drop("someone else's record was accepted");
        return;
      case "leftOut":
        if (reading.cause === "notCounted") observer.ignoredRecord?.(partition);
        else observer.leftOut?.(partition, position, reading.reason);
        if (this.newer !== undefined) {
          this.#holdBack();
          if (this.#ownership.holds) return this.drop(this.newer);
        }
        if (this.#isOurs(message)) this.#ownership.leftOut(reading.id, reading.reason);
    }
  }

  /** What has an id of this engine's may be of somebody who has read it. */
  #isOurs({ proof }: ReceivedMessage): boolean {
    return this.#o.keys === undefined || proof?.is === (this.#o.keys.signs ? "signed" : "unsigned");
  }

  #sign(link: SignedLink, payload: Uint8Array): Readonly<Record<string, string>> {
    return this.#o.keys?.sign(topics.history(this.#o.partition), link, payload) ?? {};
  }

  #maybeClaim(): void {
    this.#lookBack();
    this.#ownership.maybeClaim();
  }

  /** Where a key is taken out of the file that signed what counted, all of it seems to be nobody's: to claim would be to begin history again. */
  #lookBack(): void {
    if (this.#isLookedBack || !this.#isCaughtUp) return;
    this.#isLookedBack = true;
    const { knownClaim, partition } = this.#o;
    const why = claimIsMissing(knownClaim?.(partition), this.#fold.cursor.epoch, this.#target);
    if (why === undefined) return;
    this.#fold.newer ??= why;
    this.#holdBack();
  }

  /** Whoever can't read all of history must not decide: another engine is to be given the partition. */
  #holdBack(): void {
    if (!this.#ownership.holdBack()) return;
    this.#sessions.releaseInbox();
    this.#o.observer.heldBack?.(this.#o.partition, this.newer ?? "");
  }

  get #isCaughtUp(): boolean {
    const { position } = this.#fold;
    if (this.#target === undefined) return true;
    return position !== undefined && comparePositions(position, this.#target) >= 0;
  }

  #onInbox(message: ReceivedMessage): void {
    if (this.isDropped) return;
    this.#watch.inboxHeard();
    this.#observe(message);
    this.#ownership.messageSeen();
    if (this.#inbox.take(message)) this.#lastInbox = this.#o.clock.monotonic();
    if (this.#owner === undefined) this.#maybeClaim();
    else this.#owner.wake();
  }

  #observe({ publishTime }: ReceivedMessage, sentAt?: number): void {
    this.#o.time.observe(publishTime, sentAt);
    this.#o.onTime(publishTime);
    // Ticks are to come while a long history is read: one of them is needed to claim at its end.
    if (this.#isCaughtUp) this.lastTraffic = this.#o.clock.monotonic();
  }

  #sentAt(id: string | undefined): number | undefined {
    return this.#owner?.takes(id) ? this.#owner.sentAt : this.#ownership.sentAt(id);
  }

  /** The partition's time. */
  #now(): number {
    return this.#o.time.now(this.#fold.at);
  }

  #own(claim: Claim): void {
    try {
      this.#owner = new Owner({
        ...this.#o,
        claim,
        fold: this.#fold,
        inbox: this.#inbox,
        isOwning: () => this.mode === "owning",
        now: () => this.#now(),
        sign: this.#o.keys?.signs === true ? (link, payload) => this.#sign(link, payload) : undefined,
        append: (message) => this.#append(message),
        drop: (reason) => this.drop(reason),
      });
      this.#o.observer.owning?.(this.#o.partition, claim.epoch);
      this.#owner.start();
    } catch (error) {
      // The file of the snapshot is damaged, or a bug.
      this.#discardSnapshot((error as Error).message);
      this.drop(`deciding could not begin${because(error)}`);
    }
  }

  #append(message: OutgoingMessage): Promise<unknown> {
    const id = message.properties?.id;
    if (id !== undefined) this.#o.observer.appended?.(this.#o.partition, id);
    return this.#sessions.append(message);
  }

  // Snapshots

  #openFold(): Fold {
    const { keys, store } = this.#o;
    try {
      return new Fold(store, keys);
    } catch (error) {
      this.#discardSnapshot((error as Error).message);
      return new Fold(store, keys);
    }
  }

  #armSnapshot(): void {
    this.#cancelSnapshot = this.#o.clock.setTimer(this.#o.tuning.snapshotEveryMs, () => {
      if (this.isDropped) return;
      this.#snapshots.save();
      this.#renewIdleInbox();
      this.#armSnapshot();
    });
  }

  #discardSnapshot(reason: string): void {
    this.#o.observer.snapshotDiscarded?.(this.#o.partition, reason);
    this.#o.store.reset();
  }

  /** Rule 18. An acknowledgement has no reply and may be lost; a fresh session has what is left delivered again. */
  #renewIdleInbox(): void {
    if (this.mode !== "owning" && this.mode !== "following") return;
    const now = this.#o.clock.monotonic();
    const isIdle = now - this.#lastInbox > this.#o.tuning.renewIdleMs;
    if (!isIdle || this.#inbox.size > 0 || this.#owner?.isBusy) return;
    this.#lastInbox = now;
    this.#sessions.renewInbox();
  }
}
