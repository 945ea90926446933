import {
  type AnyRunCommand,
  deadlines,
  dispatchedAttempts,
  type Effect,
  type Failure,
} from "@downbeat/domain";
import {
  type Consumer,
  comparePositions,
  LogError,
  type MessageLog,
  type Position,
  type Producer,
  type Reader,
  type ReceivedMessage,
  reconnectingProducer,
} from "@downbeat/message-log";
import {
  type DecisionRecord,
  type DecisionService,
  encodeHistoryRecord,
  type HistoryRecord,
  parseHistoryRecord,
  subscriptions,
  topics,
} from "@downbeat/protocol";
import { Acknowledgements } from "./acknowledgements.ts";
import type { Clock } from "./clock.ts";
import { DeadlineQueue } from "./deadline-queue.ts";
import { type Decided, Decider } from "./decider.ts";
import type { EffectPublisher } from "./effect-publisher.ts";
import { Fold } from "./fold.ts";
import { LogTime } from "./log-time.ts";
import { earliestDeadline } from "./memory-state-store.ts";
import type { EngineObserver } from "./observer.ts";
import { ownCommands } from "./own-commands.ts";
import { Publishing } from "./publishing.ts";
import type { Quarantine } from "./quarantine.ts";
import { recordText } from "./record-text.ts";
import type { Rules } from "./rules.ts";
import type { RunEntry } from "./run-entry.ts";
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
  readonly effects: EffectPublisher;
  readonly quarantine: Quarantine;
  readonly store: StateStore;
  readonly clock: Clock;
  readonly observer: EngineObserver;
  /** Told when the log took each message that comes by, ms since the epoch. */
  readonly onTime: (publishTime: number) => void;
  readonly rules: Rules;
  readonly tuning: Tuning;
  /** See `EngineOptions`. */
  readonly handOverAgain: boolean;
}

/** So many claims in a row without a decision between them, the own one included, are more than chance. */
const carefulFrom = 2;
/** It costs a commit each, so not for longer than needed to find one. */
const mostCareful = 200;
/** A command that so many processes in a row did not survive is decided without asking the code. */
const mostDeaths = 2;

/** An inbox message, or the part of a tenure's work that came from a deadline (then without a position). */
interface Input {
  readonly commands: readonly AnyRunCommand[];
  readonly position?: Position;
  /** Resolves when the unreadable parts of the message are safe in quarantine. */
  readonly quarantined?: Promise<unknown>;
}

/** A record that this process has appended under its claim. */
interface InFlight {
  /** Counted within the tenure, from 1. */
  readonly number: number;
  readonly record: DecisionRecord;
  readonly entries: ReadonlyMap<string, RunEntry>;
  readonly effects: readonly Effect[];
  readonly commands: number;
}

/** One life of a processor, from connecting to its drop. */
export class Tenure {
  readonly #o: TenureOptions;
  readonly #drop: (reason: string) => void;
  readonly #time: LogTime;
  #fold!: Fold;
  mode: "connecting" | "following" | "claiming" | "owning" | "dropped" = "connecting";
  lastTraffic: number;
  /** All of its sessions were open at a time. */
  connected = false;
  #reader: Reader | undefined;
  #consumer: Consumer | undefined;
  #history: Producer | undefined;
  #messageSeen = false;
  #target: Position | undefined;
  #caughtUp = false;
  #claimId: string | undefined;
  #claimEpoch = 0;
  #decider: Decider | undefined;
  #last = "";
  readonly #queue: Input[] = [];
  readonly #deadlines = new DeadlineQueue();
  readonly #inFlight: InFlight[] = [];
  #recordNumber = 0;
  #deciding = false;
  #decideArmed = false;
  /** Owners before came to nothing, perhaps because of a command that ends the process: so many are decided one at a time. */
  #carefully = 0;
  /** Records appended without a receipt yet. */
  #unreceipted = 0;
  #onQuiet: (() => void) | undefined;
  readonly #publishing: Publishing;
  #acknowledgements: Acknowledgements;
  #cancelReadBack: (() => void) | undefined;
  #cancelDeadline: (() => void) | undefined;
  #deadlineArmedFor: number | undefined;
  #cancelSnapshot: (() => void) | undefined;
  #lastInbox: number;
  #latest = 0;

  constructor(options: TenureOptions, drop: (reason: string) => void) {
    this.#o = options;
    this.#drop = drop;
    this.#time = new LogTime(options.clock);
    this.lastTraffic = options.clock.monotonic();
    this.#lastInbox = this.lastTraffic;
    this.#acknowledgements = new Acknowledgements((position) => this.#consumer?.acknowledge(position));
    this.#publishing = new Publishing({
      effects: options.effects,
      inOrder: options.rules.dispatchedUpToContiguous,
      isOwning: () => this.mode === "owning",
      onPublished: ({ ordinal }) => this.#fold.dispatched(ordinal),
      onSettled: ({ number }) => {
        if (this.#o.rules.acknowledgeOnReadBack && number > 0) this.#acknowledgements.advance(number);
      },
      onFailure: (error) => this.drop(`an effect could not be published${because(error)}`),
    });
  }

  async open(): Promise<void> {
    const { log, partition, owner } = this.#o;
    try {
      this.#fold = this.#openFold();
      const from = this.#fold.position === undefined ? "earliest" : ({ after: this.#fold.position } as const);
      this.#target = await log.lastPosition(topics.history(partition));
      if (
        this.#fold.position !== undefined &&
        (this.#target === undefined || this.#target < this.#fold.position)
      ) {
        // The log is another one, or was cut: the cache speaks of something that isn't there.
        this.#o.observer.snapshotDiscarded?.(partition, "it is ahead of the log");
        this.#o.store.reset();
        this.#fold = new Fold(this.#o.store, this.#o.rules);
        return this.drop("the snapshot was ahead of the log");
      }
      if (this.mode === "dropped") return;
      this.mode = "following";
      this.#reader = await log.openReader(topics.history(partition), {
        from,
        onMessage: (message) => this.#onHistory(message),
        onClose: (reason) => this.drop(`the history session ended${because(reason)}`),
      });
      this.#checkCaughtUp();
      this.#history = await this.#openHistory();
      if (this.#consumer === undefined) await this.#openInbox(owner);
      if (this.isDropped) return void this.close(false);
      this.connected = true;
      this.#armSnapshot();
      this.#maybeClaim();
    } catch (error) {
      if (error instanceof LogError && error.code === "invalid" && this.#fold.position !== undefined) {
        // The log lost what had no receipt yet, in a crash, and the snapshot was made of it.
        this.#o.observer.snapshotDiscarded?.(partition, error.message);
        this.#o.store.reset();
      }
      this.drop(`connecting failed${because(error)}`);
      void this.close(false);
    }
  }

  get isDropped(): boolean {
    return this.mode === "dropped";
  }

  get fold(): Fold {
    return this.#fold;
  }

  drop(reason: string): void {
    if (this.mode === "dropped") return;
    this.mode = "dropped";
    this.#drop(reason);
  }

  async close(graceful: boolean): Promise<void> {
    if (graceful && this.mode !== "dropped" && this.mode !== "connecting") this.#save();
    this.mode = "dropped";
    this.#cancelReadBack?.();
    this.#cancelDeadline?.();
    this.#cancelSnapshot?.();
    this.#decider?.close();
    const inbox = this.#o.rules.dropClosesInbox || graceful ? this.#consumer : undefined;
    await Promise.allSettled([this.#reader?.close(), inbox?.close(), this.#history?.close()]);
  }

  /** Only with the rule `dropClosesInbox` off. */
  inherit(previous: Tenure): void {
    this.#consumer = previous.#consumer;
    previous.#consumer = undefined;
    previous.#heir = this;
  }
  #heir: Tenure | undefined;

  async #openInbox(owner: string): Promise<void> {
    const consumer = await this.#o.log.openConsumer(topics.inbox(this.#o.partition), {
      subscription: subscriptions.engine,
      type: "Failover",
      consumerName: owner,
      prefetch: this.#o.tuning.inboxPrefetch,
      onMessage: (message) => {
        if (this.#heir !== undefined) this.#heir.#onInbox(message);
        else this.#onInbox(message);
      },
      onClose: (reason) => {
        if (this.#consumer === consumer) this.drop(`the inbox session ended${because(reason)}`);
      },
    });
    this.#consumer = consumer;
    if (this.isDropped) await consumer.close();
  }

  async #openHistory(): Promise<Producer> {
    const topic = topics.history(this.#o.partition);
    const onClose = (reason?: Error) => this.drop(`the history producer ended${because(reason)}`);
    if (this.#o.rules.newClaimAfterError) return this.#o.log.openProducer(topic, { onClose });
    // Sends again under the same claim what has no receipt.
    const { clock } = this.#o;
    return reconnectingProducer(this.#o.log, topic, {
      onClose,
      clock: { now: () => clock.monotonic(), setTimer: (run, ms) => clock.setTimer(ms, run) },
      random: () => clock.random(),
    });
  }

  #openFold(): Fold {
    const { store, rules, partition, observer } = this.#o;
    try {
      return new Fold(store, rules);
    } catch (error) {
      observer.snapshotDiscarded?.(partition, (error as Error).message);
      store.reset();
      return new Fold(store, rules);
    }
  }

  // History

  #onHistory(message: ReceivedMessage): void {
    if (this.mode === "dropped") return;
    this.#observeTime(message.publishTime);
    this.lastTraffic = this.#o.clock.monotonic();
    try {
      this.#take(message);
    } catch (error) {
      // Only a snapshot that does not belong to this log, or a bug, gets here.
      this.#o.observer.snapshotDiscarded?.(this.#o.partition, (error as Error).message);
      this.#o.store.reset();
      return this.drop(`history could not be applied${because(error)}`);
    }
    this.#checkCaughtUp();
    this.#maybeClaim();
  }

  #take(message: ReceivedMessage): void {
    const own = this.#inFlight[0];
    if (own !== undefined && message.properties.id === own.record.id)
      return this.#takeOwn(own, message.position);
    const record = parseHistoryRecord(message.payload);
    if (record === undefined) {
      this.#fold.position = message.position;
      return;
    }
    const stale = this.mode === "claiming" && !this.#o.rules.stateUpToOwnClaim;
    const accepted = stale
      ? this.#fold.skip(record, message.position)
      : this.#fold.apply(record, message.position);
    if (record.kind === "claim") return this.#afterClaim(record, accepted);
    if (!accepted) return this.#o.observer.ignoredRecord?.(this.#o.partition);
    if (this.mode === "owning")
      return this.#o.rules.ownClaimReadBack ? this.drop("someone else's record was accepted") : undefined;
  }

  #afterClaim(claim: Extract<HistoryRecord, { kind: "claim" }>, accepted: boolean): void {
    const own = claim.id === this.#claimId;
    if (own && !accepted) return this.drop("its claim was not accepted");
    if (
      own ||
      (!this.#o.rules.ownClaimReadBack && this.mode === "claiming" && claim.epoch === this.#claimEpoch)
    ) {
      if (this.mode === "claiming") this.#becomeOwner();
      return;
    }
    if (accepted && (this.mode === "owning" || this.mode === "claiming")) {
      if (this.mode === "owning") this.drop(`${claim.owner} has claimed the partition`);
    }
  }

  #takeOwn(own: InFlight, position: Position): void {
    this.#inFlight.shift();
    if (!this.#fold.adopt(own.record, position, own.entries, own.effects)) {
      return this.drop("its record was not accepted");
    }
    for (const [runId, entry] of own.entries) this.#decider?.settle(runId, entry);
    this.#o.observer.accepted?.(this.#o.partition, own.commands, eventCount(own.record));
    this.#armReadBack();
    if (this.#o.rules.effectsOnReadBack) this.#publish(own.number, this.#fold.cursor.count, own.effects);
    if (!this.#o.rules.acknowledgeAfterEffects) this.#acknowledgements.advance(own.number);
    this.#checkQuiet();
    this.#scheduleDecide();
  }

  #checkCaughtUp(): void {
    if (this.#caughtUp) return;
    const { position } = this.#fold;
    this.#caughtUp =
      this.#target === undefined || (position !== undefined && comparePositions(position, this.#target) >= 0);
  }

  // Ownership

  #maybeClaim(): void {
    if (
      this.mode !== "following" ||
      !this.#caughtUp ||
      this.#history === undefined ||
      this.#consumer === undefined
    )
      return;
    if (this.#o.rules.claimsOnlyOnMessage && !this.#messageSeen) return;
    this.mode = "claiming";
    this.#claimId = this.#o.clock.newId();
    this.#claimEpoch = this.#fold.cursor.epoch + 1;
    const at = this.#now();
    const claim = {
      kind: "claim",
      id: this.#claimId,
      epoch: this.#claimEpoch,
      owner: this.#o.owner,
      at,
    } as const;
    this.#o.observer.claimed?.(this.#o.partition, this.#claimEpoch);
    this.#cancelReadBack = this.#o.clock.setTimer(this.#o.tuning.readBackTimeoutMs, () =>
      this.drop("its claim was not read back in time"),
    );
    this.#history.send({ payload: encodeHistoryRecord(claim), properties: { id: claim.id } }).then(
      () => {
        if (!this.#o.rules.ownClaimReadBack && this.mode === "claiming") this.#becomeOwner();
      },
      (error: unknown) => this.drop(`its claim could not be appended${because(error)}`),
    );
  }

  #becomeOwner(): void {
    this.mode = "owning";
    this.#cancelReadBack?.();
    this.#cancelReadBack = undefined;
    this.#last = this.#claimId ?? "";
    this.#decider = new Decider(this.#fold, this.#o.decisions, this.#o.rules);
    this.#o.observer.owning?.(this.#o.partition, this.#claimEpoch);
    const { rules, store } = this.#o;
    if (rules.deadlyInputIsOutcome && (this.#fold.barrenClaims >= carefulFrom || store.hasTrials()))
      this.#carefully = mostCareful;
    // Of no record, so that it acknowledges nothing; before what is counted, so that nothing counts as published too early.
    if (this.#o.handOverAgain) this.#publish(0, this.#fold.dispatchedUpTo, this.#unanswered());
    // What the owner before may not have published; twice is harmless, not at all is not.
    // Numbered before the own records: a repeated input may be acknowledged only after what it once caused is published.
    for (const { ordinal, effects } of [...this.#fold.undispatched]) {
      this.#publish(++this.#recordNumber, ordinal, effects);
    }
    for (const { runId, entry, dueAt } of this.#fold.openRuns()) {
      this.#deadlines.set(runId, entry === undefined ? dueAt : earliestDeadline(entry));
    }
    this.#armDeadline();
    this.#scheduleDecide();
  }

  #unanswered(): Effect[] {
    const runIds = Array.from(this.#fold.openRuns(), ({ runId }) => runId);
    return runIds.flatMap((runId) => {
      const state = this.#fold.entry(runId)?.state;
      return state?.status === "running" ? dispatchedAttempts(state) : [];
    });
  }

  // Inbox

  #onInbox(message: ReceivedMessage): void {
    if (this.mode === "dropped") return;
    this.#observeTime(message.publishTime);
    this.#messageSeen = true;
    this.lastTraffic = this.#o.clock.monotonic();
    const { partition, partitions } = this.#o;
    const { commands, malformed } = ownCommands(message.payload, partition, partitions);
    // A Tick is no traffic: an idle partition gets one every few seconds.
    if (malformed.length > 0 || commands.some((command) => command.type !== "Tick"))
      this.#lastInbox = this.lastTraffic;
    const topic = topics.inbox(partition);
    const input = {
      commands: commands.filter((command) => command.type !== "Tick"),
      position: message.position,
    };
    if (malformed.length === 0) this.#queue.push(input);
    else {
      const quarantined = Promise.all(
        malformed.map(({ reason, text }) =>
          this.#o.quarantine.add({ topic, position: message.position, reason, text }),
        ),
      );
      // Where it fails the message stays unacknowledged and comes again; nobody may be left to hear of it after a drop.
      quarantined.catch(() => {});
      this.#queue.push({ ...input, quarantined });
    }
    if (this.mode === "owning") this.#scheduleDecide();
    else this.#maybeClaim();
  }

  // Deciding

  #scheduleDecide(): void {
    if (this.mode !== "owning" || this.#deciding || this.#decideArmed || this.#queue.length === 0) return;
    if (this.#inFlight.length >= this.#o.tuning.maxInFlight) return;
    this.#decideArmed = true;
    // Deferred, so that everything that arrives in one turn of the event loop is decided into one record.
    this.#o.clock.defer(() => {
      this.#decideArmed = false;
      if (this.mode !== "owning" || this.#deciding) return;
      this.#deciding = true;
      (this.#carefully > 0 ? this.#decideCarefully() : this.#decideBatch())
        .catch((error: unknown) => this.drop(`deciding failed${because(error)}`))
        .finally(() => {
          this.#deciding = false;
          this.#scheduleDecide();
        });
    });
  }

  async #decideBatch(): Promise<void> {
    const inputs: Input[] = [];
    let count = 0;
    for (
      let input = this.#queue[0];
      input !== undefined && count < this.#o.tuning.maxBatch;
      input = this.#queue[0]
    ) {
      this.#queue.shift();
      inputs.push(input);
      count += input.commands.length;
    }
    const decider = this.#decider;
    if (decider === undefined) return;
    const at = this.#now();
    const commands = inputs.flatMap((input) => input.commands);
    const decided = await decider.decideAll(commands, at);
    if (this.mode !== "owning") return;
    this.#append(
      decided.filter((one) => one !== undefined),
      at,
    );
    let first = 0;
    for (const input of inputs) {
      const own = decided.slice(first, (first += input.commands.length));
      this.#settleInput(
        input,
        own.some((one) => one !== undefined),
      );
    }
    this.#setDeadlines(decider, commands);
  }

  /** One message, command by command, each safe in the log before the next: so it is known which one the process does not survive. */
  async #decideCarefully(): Promise<void> {
    const input = this.#queue.shift();
    const decider = this.#decider;
    if (input === undefined || decider === undefined) return;
    const { store } = this.#o;
    let isRecorded = false;
    for (const command of input.commands) {
      const deaths = store.beginTrial(command.commandId);
      const at = this.#now();
      const [decided] = await decider.decideAll(
        [command],
        at,
        deaths < mostDeaths ? undefined : deadly(deaths),
      );
      if (this.mode !== "owning") return;
      if (decided !== undefined) this.#append([decided], at);
      await this.#quiet();
      if (this.mode !== "owning") return;
      isRecorded ||= decided !== undefined;
      store.endTrial(command.commandId);
    }
    this.#settleInput(input, isRecorded);
    this.#setDeadlines(decider, input.commands);
    this.#carefully -= input.commands.length;
    const goesOn = this.#fold.barrenClaims < carefulFrom;
    if (!goesOn) this.#carefully = Math.max(1, this.#carefully);
    else if (this.#carefully <= 0) store.forgetTrials();
    else if (this.#queue.length === 0 && !store.hasTrials()) this.#carefully = 0;
  }

  /** Resolves when every record is read back and has its receipt; never, after a drop. */
  #quiet(): Promise<void> {
    return new Promise((resolve) => {
      this.#onQuiet = resolve;
      this.#checkQuiet();
    });
  }

  #checkQuiet(): void {
    if (this.#inFlight.length === 0 && this.#unreceipted === 0) this.#onQuiet?.();
  }

  #settleInput(input: Input, isRecorded: boolean): void {
    const settled = this.#o.rules.duplicatesAcknowledgedLate || isRecorded;
    this.#acknowledge(input, settled ? this.#recordNumber : 0);
  }

  #setDeadlines(decider: Decider, commands: readonly AnyRunCommand[]): void {
    for (const runId of new Set(commands.map((command) => command.runId))) {
      const entry = decider.entry(runId);
      this.#deadlines.set(runId, entry === undefined ? undefined : earliestDeadline(entry));
    }
    this.#armDeadline();
  }

  #acknowledge({ position, quarantined }: Input, after: number): void {
    if (position === undefined) return;
    if (quarantined === undefined) return this.#acknowledgements.add(position, after);
    quarantined.then(
      () => this.#acknowledgements.add(position, after),
      (error: unknown) => this.drop(`a message could not be quarantined${because(error)}`),
    );
  }

  #append(decided: readonly Decided[], at: number): void {
    let part: Decided[] = [];
    let bytes = 0;
    for (const one of decided) {
      if (part.length > 0 && bytes + one.bytes > this.#o.tuning.maxRecordBytes) {
        this.#appendRecord(part, at);
        part = [];
        bytes = 0;
      }
      part.push(one);
      bytes += one.bytes;
    }
    if (part.length > 0) this.#appendRecord(part, at);
  }

  #appendRecord(decided: readonly Decided[], at: number): void {
    const record: DecisionRecord = {
      kind: "decisions",
      id: this.#o.clock.newId(),
      prev: this.#last,
      claimId: this.#claimId ?? "",
      epoch: this.#claimEpoch,
      at,
      dispatchedUpTo: this.#fold.dispatchedUpTo,
      decisions: decided.map((one) => one.decision),
    };
    this.#last = record.id;
    const entries = new Map<string, RunEntry>();
    for (const one of decided) if (one.entry !== undefined) entries.set(one.decision.runId, one.entry);
    const effects = decided.flatMap((one) => one.effects);
    const number = ++this.#recordNumber;
    this.#inFlight.push({ number, record, entries, effects, commands: decided.length });
    this.#armReadBack();
    if (!this.#o.rules.effectsOnReadBack)
      this.#publish(number, this.#fold.cursor.count + this.#inFlight.length, effects);
    this.#send(number, record, recordText(record, decided));
  }

  #send(number: number, record: DecisionRecord, text: string): void {
    const message = { payload: Buffer.from(text), properties: { id: record.id } };
    this.#unreceipted += 1;
    this.#history?.send(message).then(
      () => {
        this.#unreceipted -= 1;
        this.#checkQuiet();
        if (!this.#o.rules.acknowledgeOnReadBack) this.#acknowledgements.advance(number);
      },
      (error: unknown) => this.drop(`a record could not be appended${because(error)}`),
    );
  }

  #armReadBack(): void {
    this.#cancelReadBack?.();
    this.#cancelReadBack = undefined;
    if (this.#inFlight.length === 0) return;
    this.#cancelReadBack = this.#o.clock.setTimer(this.#o.tuning.readBackTimeoutMs, () =>
      this.drop("its record was not read back in time"),
    );
  }

  #observeTime(publishTime: number): void {
    this.#time.observe(publishTime);
    this.#o.onTime(publishTime);
  }

  /** The partition's time: the log's, and never before what is recorded. */
  #now(): number {
    this.#latest = Math.max(this.#latest, this.#fold.at, this.#time.now() ?? 0);
    return this.#latest;
  }

  // Effects

  /** @param number of the record within the tenure, inherited ones first */
  #publish(number: number, ordinal: number, effects: readonly Effect[]): void {
    this.#publishing.publish({ number, ordinal }, effects, this.#now());
  }

  // Deadlines

  #armDeadline(): void {
    if (!this.#o.rules.overdueSwept || this.mode !== "owning") return;
    const earliest = this.#deadlines.earliest;
    if (earliest === this.#deadlineArmedFor) return;
    this.#cancelDeadline?.();
    this.#deadlineArmedFor = earliest;
    if (earliest === undefined) return;
    const wait = Math.max(1, earliest - this.#now());
    this.#cancelDeadline = this.#o.clock.setTimer(Math.min(wait, 60_000), () => {
      this.#deadlineArmedFor = undefined;
      this.#sweep();
    });
  }

  #sweep(): void {
    if (this.mode !== "owning" || this.#decider === undefined) return;
    const now = this.#now();
    const commands: AnyRunCommand[] = [];
    for (const runId of this.#deadlines.takeDue(now, this.#o.tuning.maxBatch)) {
      const entry = this.#decider.entry(runId);
      if (entry?.state.status !== "running") continue;
      for (const deadline of deadlines(entry.state))
        if (deadline.dueAt <= now) commands.push(deadline.command);
      // Set again at once; what the commands change is set once they are decided.
      this.#deadlines.set(runId, later(earliestDeadline(entry), now));
    }
    if (commands.length > 0) {
      this.#queue.push({ commands });
      this.#scheduleDecide();
    }
    this.#armDeadline();
  }

  // Keeping

  #armSnapshot(): void {
    this.#cancelSnapshot = this.#o.clock.setTimer(this.#o.tuning.snapshotEveryMs, () => {
      if (this.mode === "dropped") return;
      if (this.mode !== "connecting") this.#save();
      this.#renewIdleInbox();
      this.#armSnapshot();
    });
  }

  #save(): void {
    try {
      const decider = this.#decider;
      const speculative = this.#o.rules.snapshotOfAcceptedOnly
        ? undefined
        : (runId: string) => decider?.entry(runId);
      if (this.#fold.unsaved > 0) this.#fold.save(60_000, speculative);
    } catch (error) {
      this.#o.observer.snapshotDiscarded?.(this.#o.partition, (error as Error).message);
      this.#o.store.reset();
      this.drop(`the snapshot could not be saved${because(error)}`);
    }
  }

  /** An acknowledgement has no reply and may be lost; a fresh session has what is left delivered again. */
  #renewIdleInbox(): void {
    const idle = this.#o.clock.monotonic() - this.#lastInbox > this.#o.tuning.renewIdleMs;
    const busy =
      this.#queue.length + this.#inFlight.length + this.#publishing.size + this.#acknowledgements.size > 0;
    if (!this.#o.rules.idleSessionsRenewed || !idle || busy || this.#consumer === undefined) return;
    if (this.mode !== "owning" && this.mode !== "following") return;
    this.#lastInbox = this.#o.clock.monotonic();
    const old = this.#consumer;
    this.#consumer = undefined;
    old
      .close()
      .then(() => this.#openInbox(this.#o.owner))
      .catch((error: unknown) => this.drop(`the inbox session could not be renewed${because(error)}`));
  }
}

function eventCount(record: DecisionRecord): number {
  return record.decisions.reduce((count, decision) => count + decision.events.length, 0);
}

function deadly(deaths: number): Failure {
  return {
    kind: "code",
    name: "EngineEnded",
    message: `The engine ended ${deaths} times while it ran this code, which may never end. It is run again when somebody resumes the run.`,
  };
}

function later(dueAt: number | undefined, now: number): number | undefined {
  return dueAt === undefined ? undefined : Math.max(dueAt, now + 1_000);
}

function because(reason: unknown): string {
  return reason instanceof Error ? `: ${reason.message}` : "";
}
