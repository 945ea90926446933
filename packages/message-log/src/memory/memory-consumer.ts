import type { Clock } from "../clock.ts";
import type { Consumer, ConsumerOptions, ReceivedMessage } from "../message-log.ts";
import type { Position } from "../position.ts";
import { indexOf } from "./memory-topic.ts";

const mostUnacknowledged = 1_000;
const defaultNegativeAckDelayMs = 60_000;

interface Hooks {
  readonly onAcknowledged: (index: number) => void;
  /** They are to be delivered again. */
  readonly onReturned: (indexes: readonly number[]) => void;
  readonly onClosed: () => void;
}

export class MemoryConsumer implements Consumer {
  readonly name: string;
  readonly #clock: Clock;
  readonly #options: ConsumerOptions;
  readonly #hooks: Hooks;
  /** Delivered and not acknowledged, with what ends its timer. */
  readonly #held = new Map<number, () => void>();
  #isClosed = false;

  constructor(clock: Clock, options: ConsumerOptions, hooks: Hooks) {
    this.name = options.consumerName ?? "";
    this.#clock = clock;
    this.#options = options;
    this.#hooks = hooks;
  }

  get hasRoom(): boolean {
    const { queueSize = mostUnacknowledged } = this.#options;
    return !this.#isClosed && this.#held.size < Math.min(queueSize, mostUnacknowledged);
  }

  get held(): number[] {
    return [...this.#held.keys()];
  }

  take(index: number, message: ReceivedMessage): void {
    const { ackTimeoutMs, onMessage } = this.#options;
    const cancel =
      ackTimeoutMs === undefined
        ? () => {}
        : this.#clock.setTimer(() => this.#giveBack(index), Math.max(1_000, ackTimeoutMs));
    this.#held.set(index, cancel);
    onMessage(message);
  }

  acknowledge(position: Position): void {
    const index = indexOf(position);
    const cancel = this.#held.get(index);
    if (cancel === undefined) return;
    cancel();
    this.#held.delete(index);
    this.#hooks.onAcknowledged(index);
  }

  negativeAcknowledge(position: Position): void {
    const index = indexOf(position);
    const cancel = this.#held.get(index);
    if (cancel === undefined) return;
    cancel();
    const { negativeAckDelayMs = defaultNegativeAckDelayMs } = this.#options;
    this.#held.set(
      index,
      this.#clock.setTimer(() => this.#giveBack(index), negativeAckDelayMs),
    );
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const held = this.held;
    for (const cancel of this.#held.values()) cancel();
    this.#held.clear();
    this.#hooks.onClosed();
    this.#hooks.onReturned(held);
    this.#options.onClose?.();
  }

  #giveBack(index: number): void {
    if (this.#held.delete(index)) this.#hooks.onReturned([index]);
  }
}
