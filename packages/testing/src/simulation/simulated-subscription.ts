import { hashString } from "@downbeat/domain";
import {
  type Consumer,
  type ConsumerOptions,
  LogError,
  type Position,
  parsePosition,
  type SubscriptionType,
} from "@downbeat/message-log";
import type { SimulatedLog, StoredMessage } from "./simulated-log.ts";
import type { SimulatedProcess } from "./world.ts";

interface Session {
  readonly process: SimulatedProcess;
  readonly options: ConsumerOptions;
  readonly outstanding: Set<number>;
  readonly deliveries: Map<number, number>;
  open: boolean;
  pumping: boolean;
}

interface Subscribed {
  readonly name: string;
  readonly messages: StoredMessage[];
}

/** What the log hands to consumers of one subscription: late, again, in another order, or to somebody else. */
export class SimulatedSubscription {
  readonly type: SubscriptionType;
  readonly acknowledged = new Set<number>();
  readonly #log: SimulatedLog;
  readonly #topic: Subscribed;
  readonly #delayed = new Set<number>();
  readonly #deliveries = new Map<number, number>();
  /** Where counts begin again when the last consumer is gone. */
  readonly #forgets: boolean;
  #sessions: Session[] = [];
  #active: Session | undefined;

  constructor(log: SimulatedLog, topic: Subscribed, type: SubscriptionType) {
    this.#forgets = log.forgetsDeliveries;
    this.#log = log;
    this.#topic = topic;
    this.type = type;
  }

  get consumers(): number {
    return this.#sessions.length;
  }

  /** Another consumer becomes the active one, and nobody asks the one that was. */
  move(): void {
    this.#activate(this.#log.world.random.pick(this.#sessions));
  }

  /** Acknowledgements that the log has forgotten. */
  forgetSome(): void {
    for (const index of [...this.acknowledged]) {
      if (!this.#log.world.random.chance(0.2)) continue;
      this.acknowledged.delete(index);
      for (const session of this.#sessions) session.outstanding.delete(index);
    }
    this.wake();
  }

  disconnect(process: SimulatedProcess): void {
    for (const session of this.#sessions) if (session.process === process) this.#endSession(session);
  }

  open(process: SimulatedProcess, options: ConsumerOptions): Consumer {
    const session: Session = {
      process,
      options,
      outstanding: new Set(),
      deliveries: new Map(),
      open: true,
      pumping: false,
    };
    this.#sessions.push(session);
    this.#active ??= session;
    this.#pump(session);
    return {
      acknowledge: (at) => {
        if (this.#log.world.random.chance(this.#log.faults.acknowledgementLost)) return;
        this.#log.world.schedule(this.#log.world.random.between(0.1, 10), () => {
          // An acknowledgement under way when its session ends may be lost with it.
          if (!session.open && this.#log.world.random.chance(0.5)) return;
          const index = indexOf(at);
          this.acknowledged.add(index);
          this.#deliveries.delete(index);
          session.outstanding.delete(index);
          this.#log.onAcknowledged(this.#topic.name, index);
        });
      },
      negativeAcknowledge: (at) => {
        this.#log.world.schedule(500, () => {
          session.outstanding.delete(indexOf(at));
          this.wake();
        });
      },
      close: async () => this.#endSession(session),
    };
  }

  #endSession(session: Session, reason?: Error): void {
    if (!session.open) return;
    session.open = false;
    this.#sessions = this.#sessions.filter((other) => other !== session);
    if (this.#forgets && this.#sessions.length === 0) this.#deliveries.clear();
    if (this.#active === session) {
      this.#active = undefined;
      const heir = this.#sessions.length > 0 ? this.#log.world.random.pick(this.#sessions) : undefined;
      if (heir !== undefined) this.#activate(heir);
    }
    this.wake();
    if (session.process.alive)
      this.#log.world.schedule(0, () => session.options.onClose?.(reason), session.process);
  }

  #activate(session: Session): void {
    if (this.#active === session) return;
    this.#active = session;
    // Messages that the session had already been sent are not sent again while it lives.
    this.#pump(session);
  }

  /** There may be something to deliver. */
  wake(): void {
    for (const session of this.#sessions) this.#pump(session);
  }

  #pump(session: Session): void {
    if (session.pumping || !session.open) return;
    if (this.type === "Failover" && this.#active !== session) return;
    if (this.#eligible(session, 1).length === 0) return;
    session.pumping = true;
    this.#log.world.schedule(
      this.#log.world.random.between(0.2, this.#log.faults.slowestMs / 2),
      () => {
        session.pumping = false;
        if (!session.open || (this.type === "Failover" && this.#active !== session)) return;
        if (this.#log.world.random.chance(this.#log.faults.sessionBreaks)) {
          return this.#endSession(session, new LogError("unavailable", "consumer broke"));
        }
        const burst = this.#log.world.random.integer(1, 4);
        for (let count = 0; count < burst && session.open; count++) {
          const candidates = this.#eligible(session, 4);
          const reorder = candidates.length > 1 && this.#log.world.random.chance(this.#log.faults.reordered);
          const index = reorder ? differentKey(this.#topic.messages, candidates) : candidates[0];
          if (index === undefined) break;
          this.#deliver(session, index);
        }
        this.#pump(session);
      },
      session.process,
    );
  }

  #deliver(session: Session, index: number): void {
    const message = this.#topic.messages[index];
    if (message === undefined) return;
    session.outstanding.add(index);
    const { random } = this.#log.world;
    const times = random.chance(this.#log.faults.deliveredTwice) ? random.integer(2, 5) : 1;
    for (let time = 0; time < times; time++) {
      // A Failover subscription's next consumer begins to count again; the others' counts are the log's.
      const deliveries = this.type === "Failover" ? session.deliveries : this.#deliveries;
      const redeliveryCount = deliveries.get(index) ?? 0;
      deliveries.set(index, redeliveryCount + 1);
      session.options.onMessage({ ...message, properties: message.properties ?? {}, redeliveryCount });
    }
  }

  #eligible(session: Session, limit: number): number[] {
    const eligible: number[] = [];
    const isShared = this.type === "Shared" || this.type === "Key_Shared";
    const taken = (index: number) =>
      isShared &&
      (this.#sessions.some((other) => other.outstanding.has(index)) || this.#isAnothers(index, session));
    for (let index = 0; index < this.#topic.messages.length && eligible.length < limit; index++) {
      if (this.acknowledged.has(index) || session.outstanding.has(index) || taken(index)) continue;
      const due = this.#topic.messages[index]?.deliverAt;
      if (isShared && due !== undefined && due > this.#log.time) {
        this.#wakeLater(index, due);
        continue;
      }
      eligible.push(index);
    }
    return eligible;
  }

  /** With Key_Shared messages of one key go to one consumer, as long as there are the same. */
  #isAnothers(index: number, session: Session): boolean {
    if (this.type !== "Key_Shared") return false;
    const key = this.#topic.messages[index]?.key ?? "";
    return this.#sessions[hashString(key) % this.#sessions.length] !== session;
  }

  #wakeLater(index: number, due: number): void {
    if (this.#delayed.has(index)) return;
    this.#delayed.add(index);
    const { random } = this.#log.world;
    if (random.chance(this.#log.faults.timerLost)) return void this.acknowledged.add(index);
    const early = random.chance(this.#log.faults.timerEarly)
      ? random.between(0, 1_500)
      : -random.between(0, 50);
    this.#log.world.schedule(due - this.#log.time - early, () => {
      const message = this.#topic.messages[index];
      if (message !== undefined) this.#topic.messages[index] = { ...message, deliverAt: 0 };
      this.wake();
    });
  }
}

/** Its number among all messages of its topic. */
export function indexOf(at: Position): number {
  return parsePosition(at).entry;
}

function differentKey(messages: readonly StoredMessage[], candidates: readonly number[]): number | undefined {
  const first = candidates[0];
  if (first === undefined) return undefined;
  return candidates.find((index) => messages[index]?.key !== messages[first]?.key) ?? first;
}
