import { type MessageLog, TopicProducers } from "@downbeat/message-log";
import { type DecisionService, encodeInboxMessage, type HistoryKeys, topics } from "@downbeat/protocol";
import type { Clock } from "./clock.ts";
import { type Delegation, noDelegation } from "./delegation.ts";
import { EffectPublisher } from "./effect-publisher.ts";
import type { KnownClaim } from "./held-back.ts";
import type { EngineObserver } from "./observer.ts";
import { PartitionProcessor } from "./partition-processor.ts";
import { Quarantine } from "./quarantine.ts";
import type { SecondPerson } from "./second-person.ts";
import { Slices } from "./slices.ts";
import type { StateStore } from "./state-store.ts";
import { TimerRole } from "./timer.ts";
import { defaultTuning, type Tuning } from "./tuning.ts";

export interface EngineOptions {
  readonly log: MessageLog;
  readonly decisions: DecisionService;
  /** Default: all code is asked through `decisions`. */
  readonly delegation?: Delegation;
  /** As many as `inbox` and `history` were set up with. */
  readonly partitions: number;
  /** Name of this process, different from every other's. */
  readonly owner: string;
  readonly clock: Clock;
  readonly store: (partition: number) => StateStore;
  /** Wall clock for what people read, ms since the epoch; nothing is decided by it. */
  readonly wallClock: () => number;
  readonly observer?: EngineObserver;
  readonly tuning?: Partial<Tuning>;
  /** Partitions silent for so long get a Tick, ms. */
  readonly tickMs?: number;
  /**
   * Hands attempts that have no answer yet to workers again, with each claim: for history that was copied to another log, whose job topics are
   * empty. Workers may get an attempt twice, as ever.
   */
  readonly handOverAgain?: boolean;
  /** By which its records are signed. The log's readers check by the same: `checkedLog`. */
  readonly keys?: HistoryKeys | undefined;
  /** What nobody may do alone; absent: everybody may. */
  readonly secondPerson?: SecondPerson | undefined;
  /** What was known by other keys than these: it holds back where they don't find as much. */
  readonly knownClaim?: ((partition: number) => KnownClaim | undefined) | undefined;
}

/** So that a partition in which nothing happens is somebody's soon after a start. */
const firstTickMs = 500;

/** One engine process: a processor for every partition (of which it owns those that the log gives it), and the timer role. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #processors: PartitionProcessor[] = [];
  readonly #producers: TopicProducers;
  readonly #timer: TimerRole;
  readonly #effects: EffectPublisher;
  #cancelTick: (() => void) | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    const { log, clock, partitions, owner } = options;
    const observer = options.observer ?? {};
    const tuning = { ...defaultTuning, ...options.tuning };
    this.#producers = new TopicProducers(log);
    this.#effects = new EffectPublisher(this.#producers, observer, clock);
    const quarantine = new Quarantine(this.#producers, observer, options.wallClock);
    this.#timer = new TimerRole({
      log,
      clock,
      partitions,
      quarantine,
      producers: this.#producers,
      name: owner,
      backOffMs: tuning.dropBackOffMs,
    });
    const slices = new Slices(clock);
    for (let partition = 0; partition < partitions; partition++) {
      this.#processors.push(
        new PartitionProcessor({
          partition,
          partitions,
          owner,
          log,
          decisions: options.decisions,
          delegation: options.delegation ?? noDelegation,
          effects: this.#effects,
          quarantine,
          store: options.store(partition),
          clock,
          observer,
          onTime: (publishTime) => this.#timer.observe(publishTime),
          tuning,
          slices,
          handOverAgain: options.handOverAgain ?? false,
          keys: options.keys,
          secondPerson: options.secondPerson,
          knownClaim: options.knownClaim,
        }),
      );
    }
  }

  start(): void {
    for (const processor of this.#processors) processor.start();
    this.#timer.start();
    this.#armTick(Math.min(firstTickMs, this.#tickMs));
  }

  get #tickMs(): number {
    return this.#options.tickMs ?? 5_000;
  }

  /** What each partition's processor is doing. */
  get modes(): readonly PartitionProcessor["mode"][] {
    return this.#processors.map((processor) => processor.mode);
  }

  /** Who claimed each partition last, as far as history is read here; empty where nobody did, or that is not known. */
  get owners(): readonly string[] {
    return this.#processors.map((processor) => processor.tenure?.owner ?? "");
  }

  /** Why this engine doesn't decide in a partition, in a sentence without its stop, where a newer version has. */
  get heldBack(): readonly (string | undefined)[] {
    return this.#processors.map((processor) => processor.tenure?.newer);
  }

  /** Topics that took nothing when something was last sent there, with what the log said. */
  get refusals(): ReadonlyMap<string, string> {
    return this.#effects.refusals;
  }

  get processors(): readonly PartitionProcessor[] {
    return this.#processors;
  }

  async stop(): Promise<void> {
    this.#cancelTick?.();
    await this.#timer.stop();
    await Promise.allSettled(this.#processors.map((processor) => processor.stop()));
    await this.#producers.close();
  }

  #armTick(every: number): void {
    this.#cancelTick = this.#options.clock.setTimer(every, () => {
      const now = this.#options.clock.monotonic();
      this.#processors.forEach((processor, partition) => {
        // Where this engine never decides, its Ticks would only pile up.
        if (processor.tenure?.newer !== undefined) return;
        if (now - processor.lastTraffic >= every * 0.9) this.#tick(partition);
      });
      this.#armTick(this.#tickMs);
    });
  }

  /** Wakes the partition's owner, or makes someone become it. A lost one is made up for by the next. */
  #tick(partition: number): void {
    // Rule 7: an idle partition would stay nobody's, for want of a message to claim on.
    const payload = encodeInboxMessage([{ type: "Tick" }]);
    this.#producers.send(topics.inbox(partition), { payload }).catch(() => {});
  }
}
