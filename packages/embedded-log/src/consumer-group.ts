import type { SubscriptionType } from "@downbeat/message-log";
import type { ConsumerSession } from "./consumer-session.ts";

/** The consumers of a subscription, and which of them is next. */
export class ConsumerGroup {
  readonly all: ConsumerSession[] = [];
  readonly #partitionIndex: number;
  type: SubscriptionType | undefined;
  /** With Failover and Exclusive, the one that gets everything. */
  active: ConsumerSession | undefined;
  #nextTurn = 0;

  constructor(partitionIndex: number) {
    this.#partitionIndex = partitionIndex;
  }

  /** Messages are spread, and delayed ones are held back. */
  get isShared(): boolean {
    return this.type === "Shared" || this.type === "Key_Shared";
  }

  /** @returns who was active until now and is no longer */
  elect(): ConsumerSession | undefined {
    if (this.isShared) return undefined;
    const sorted = this.all.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    const active = sorted[sorted.length === 0 ? 0 : this.#partitionIndex % sorted.length];
    const before = this.active;
    this.active = active;
    return before === active ? undefined : before;
  }

  pick(entry: number): ConsumerSession | undefined {
    if (!this.isShared) return this.active?.canTake(entry) ? this.active : undefined;
    for (let i = 0; i < this.all.length; i++) {
      const at = (this.#nextTurn + i) % this.all.length;
      const consumer = this.all[at];
      if (consumer?.canTake(entry)) {
        this.#nextTurn = at + 1;
        return consumer;
      }
    }
    return undefined;
  }
}
