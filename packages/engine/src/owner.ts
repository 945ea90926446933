import { dispatchedAttempts, type Effect, question } from "@downbeat/domain";
import type { MessageLog, OutgoingMessage, ReceivedMessage } from "@downbeat/message-log";
import { type DecisionRecord, type DecisionService, type SignedLink, topics } from "@downbeat/protocol";
import { because } from "./because.ts";
import type { Clock } from "./clock.ts";
import { Deadlines } from "./deadlines.ts";
import { DeadlyCommands } from "./deadly-commands.ts";
import { Decider } from "./decider.ts";
import type { Delegation } from "./delegation.ts";
import type { EffectPublisher } from "./effect-publisher.ts";
import type { Fold } from "./fold.ts";
import type { Inbox } from "./inbox.ts";
import { InboxDecider } from "./inbox-decider.ts";
import { LostAttempts } from "./lost-attempts.ts";
import { earliestDeadline } from "./memory-state-store.ts";
import type { EngineObserver } from "./observer.ts";
import { type OwnRecord, OwnRecords } from "./own-records.ts";
import type { Claim } from "./ownership.ts";
import { PatientPublisher } from "./patient-publisher.ts";
import { Publishing } from "./publishing.ts";
import { questionOf } from "./question-of.ts";
import type { SecondPerson } from "./second-person.ts";
import type { Slices } from "./slices.ts";
import type { StateStore } from "./state-store.ts";
import type { Tuning } from "./tuning.ts";

export interface OwnerOptions {
  readonly partition: number;
  readonly log: MessageLog;
  readonly claim: Claim;
  readonly fold: Fold;
  readonly inbox: Inbox;
  readonly decisions: DecisionService;
  readonly delegation: Delegation;
  readonly effects: EffectPublisher;
  readonly store: StateStore;
  readonly clock: Clock;
  readonly observer: EngineObserver;
  readonly tuning: Tuning;
  /** Of the whole process. */
  readonly slices: Slices;
  readonly secondPerson: SecondPerson | undefined;
  /** See `EngineOptions`. */
  readonly handOverAgain: boolean;
  readonly isOwning: () => boolean;
  /** The partition's time. */
  readonly now: () => number;
  /** See `OwnRecordsOptions`. */
  readonly sign?: ((link: SignedLink, payload: Uint8Array) => Readonly<Record<string, string>>) | undefined;
  /** To the partition's history; resolves with the receipt. */
  readonly append: (message: OutgoingMessage) => Promise<unknown>;
  readonly drop: (reason: string) => void;
}

/** What a tenure does once the partition is its: decides, appends, reads back, publishes effects, acknowledges, and keeps deadlines. */
export class Owner {
  readonly #o: OwnerOptions;
  readonly #decider: Decider;
  readonly #records: OwnRecords;
  readonly #publishing: Publishing;
  readonly #deadlines: Deadlines;
  readonly #deadly: DeadlyCommands;
  readonly #deciding: InboxDecider;
  readonly #lostAttempts: LostAttempts;

  constructor(options: OwnerOptions) {
    this.#o = options;
    const { fold, inbox, drop } = options;
    const decider = new Decider({ ...options, maxPartBytes: options.tuning.maxPartBytes });
    const records = new OwnRecords({ ...options, onAccepted: (own) => this.#accepted(own) });
    const deadlines = new Deadlines({
      ...options,
      decider,
      onDue: (commands) => {
        inbox.push({ commands });
        this.wake();
      },
    });
    this.#decider = decider;
    this.#records = records;
    this.#deadlines = deadlines;
    const deadly = new DeadlyCommands(options.store.trials, fold.barrenClaims);
    this.#deadly = deadly;
    this.#deciding = new InboxDecider({ ...options, deadly, decider, records, deadlines });
    const lostAttempts = new LostAttempts({
      ...options,
      inbox: topics.inbox(options.partition),
      decidedUpTo: () => inbox.decidedUpTo,
      openRuns: () => fold.openRuns(),
      stateOf: (runId) => decider.entry(runId)?.state,
      publish: (effect, now) => options.effects.publish(effect, now),
      onHandedOver: (jobType, attempts) => options.observer.handedOverAgain?.(jobType, attempts),
    });
    this.#lostAttempts = lostAttempts;
    const effects = new PatientPublisher({
      ...options,
      effects: {
        publish: async (effect, now) => {
          if (effect.type !== "AskCode") return options.effects.publish(effect, now);
          const asked = questionOf(fold.entry(effect.runId), effect);
          if (asked !== undefined) await options.effects.ask(asked, effect, options.delegation);
        },
      },
      mayLeave: () => lostAttempts.canLook,
      onHandedOver: (effect) => lostAttempts.handedOver(effect),
      onLeft: (effect) => lostAttempts.left(effect),
    });
    this.#publishing = new Publishing({
      effects,
      slices: options.slices,
      isOwning: options.isOwning,
      onPublished: ({ ordinal }) => fold.dispatched(ordinal),
      // Rule 16: when the effects are published, and not when the record is read back.
      onSettled: ({ number }) => inbox.advance(number),
      onFailure: (error) => drop(`an effect could not be published${because(error)}`),
    });
  }

  start(): void {
    const { fold, handOverAgain } = this.#o;
    // Of no record, so that it acknowledges nothing; before what is counted, so that nothing counts as published too early.
    if (handOverAgain) this.#publish(0, fold.dispatchedUpTo, this.#unanswered());
    // What the owner before may not have published; twice is harmless, not at all is not.
    // Numbered before the own records: a repeated input may be acknowledged only after what it once caused is published.
    for (const { ordinal, effects } of [...fold.undispatched])
      this.#publish(this.#records.nextNumber(), ordinal, effects);
    for (const { runId, entry, dueAt } of fold.openRuns())
      this.#deadlines.set(runId, entry === undefined ? dueAt : earliestDeadline(entry));
    this.#deadlines.arm();
    this.wake();
  }

  /** Something is in the inbox. */
  wake(): void {
    this.#deciding.wake();
  }

  /** @returns whether the message is the own record that is to be read back next */
  takes(id: string | undefined): boolean {
    return this.#records.takes(id);
  }

  /** `monotonic()` before it was sent. */
  get sentAt(): number | undefined {
    return this.#records.sentAt;
  }

  /** The own record that is next was read back. */
  take(message: ReceivedMessage): void {
    this.#records.take(message);
    this.wake();
  }

  get isBusy(): boolean {
    return this.#records.inFlight + this.#publishing.size > 0;
  }

  close(): void {
    this.#records.close();
    this.#deadlines.close();
    this.#deadly.close();
    this.#decider.close();
    this.#lostAttempts.close();
  }

  #accepted({ number, record, entries, effects, commands }: OwnRecord): void {
    // Rule 14: only now is it sure that the decision counts.
    const { fold, observer, partition } = this.#o;
    for (const [runId, entry] of entries) this.#decider.settle(runId, entry);
    this.#lostAttempts.accepted(record);
    observer.accepted?.(partition, commands, eventCount(record));
    this.#publish(number, fold.cursor.count, effects);
  }

  /** @param number of the record within the tenure, inherited ones first */
  #publish(number: number, ordinal: number, effects: readonly Effect[]): void {
    this.#publishing.publish({ number, ordinal }, effects, this.#o.now());
  }

  #unanswered(): Effect[] {
    const { fold } = this.#o;
    const runIds = Array.from(fold.openRuns(), ({ runId }) => runId);
    return runIds.flatMap((runId) => {
      const state = fold.entry(runId)?.state;
      return state?.status === "running" ? [...dispatchedAttempts(state), ...question(state)] : [];
    });
  }
}

function eventCount(record: DecisionRecord): number {
  return record.decisions.reduce((count, decision) => count + decision.events.length, 0);
}
