import { partitionOf } from "@downbeat/domain";
import type { Consumer, MessageLog, ReceivedMessage, TopicProducers } from "@downbeat/message-log";
import {
  encodeInboxMessage,
  encodeTimerMessage,
  longestDelayMs,
  parseTimerMessage,
  reasonOf,
  subscriptions,
  type TimerMessage,
  topics,
} from "@downbeat/protocol";
import type { Clock } from "./clock.ts";
import { LogTime } from "./log-time.ts";
import type { Quarantine } from "./quarantine.ts";

export interface TimerOptions {
  readonly log: MessageLog;
  readonly clock: Clock;
  readonly partitions: number;
  readonly quarantine: Quarantine;
  readonly producers: TopicProducers;
  readonly name: string;
  readonly backOffMs: number;
}

/**
 * Rule 21. The timer role: turns wake-ups into `FireTimer` commands. A wake-up is only a hint (the partition's owner checks the due time itself and
 * sweeps what was never woken), so losing one costs a second, and one that comes early is held back or armed again.
 */
export class TimerRole {
  readonly #o: TimerOptions;
  readonly #time: LogTime;
  #consumer: Consumer | undefined;
  /** In a row, without a message in between. */
  #reopenings = 0;
  readonly #cancels = new Set<() => void>();
  #stopped = false;

  constructor(options: TimerOptions) {
    this.#o = options;
    this.#time = new LogTime(options.clock);
  }

  start(): void {
    void this.#open();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#cancels) cancel();
    await this.#consumer?.close();
  }

  /** Messages of other topics tell the time too; on this one they are mostly old. */
  observe(publishTime: number): void {
    this.#time.observe(publishTime);
  }

  async #open(): Promise<void> {
    if (this.#stopped) return;
    try {
      const consumer = await this.#o.log.openConsumer(topics.timers, {
        subscription: subscriptions.timers,
        type: "Shared",
        consumerName: this.#o.name,
        onMessage: (message) => void this.#take(consumer, message),
        onClose: () => this.#reopen(),
      });
      this.#consumer = consumer;
      if (this.#stopped) await consumer.close();
    } catch {
      this.#reopen();
    }
  }

  #reopen(): void {
    if (this.#stopped) return;
    const times = Math.min(2 ** this.#reopenings, mostBackOffs);
    this.#reopenings += 1;
    this.#after(times * this.#o.backOffMs * (0.5 + this.#o.clock.random()), () => void this.#open());
  }

  async #take(consumer: Consumer, message: ReceivedMessage): Promise<void> {
    this.#time.observe(message.publishTime);
    this.#reopenings = 0;
    try {
      const timer = parse(message);
      if ("reason" in timer) {
        const text = Buffer.from(message.payload).toString("utf8");
        const { position } = message;
        await this.#o.quarantine.add({ topic: topics.timers, position, reason: timer.reason, text });
      } else {
        const early = timer.dueAt - (this.#time.now() ?? timer.dueAt);
        if (early > heldMs) await this.#rearm(timer, early);
        else if (early > 0) return this.#after(early, () => void this.#take(consumer, message));
        else await this.#fire(timer);
      }
      consumer.acknowledge(message.position);
    } catch {
      // Not acknowledged: it comes again with the next session, and the owner sweeps meanwhile.
      consumer.negativeAcknowledge(message.position);
    }
  }

  async #rearm(timer: TimerMessage, early: number): Promise<void> {
    const now = timer.dueAt - early;
    const deliverAt = Math.min(timer.dueAt, now + longestDelayMs);
    const payload = encodeTimerMessage(timer);
    await this.#o.producers.send(topics.timers, { payload, key: timer.runId, deliverAt });
  }

  async #fire({ runId, timerId, generation }: TimerMessage): Promise<void> {
    const inbox = topics.inbox(partitionOf(runId, this.#o.partitions));
    const commandId = `timer/${runId}/${timerId}/${generation}`;
    const command = { type: "FireTimer", commandId, runId, timerId, generation } as const;
    await this.#o.producers.send(inbox, { payload: encodeInboxMessage([command]), key: runId });
  }

  #after(ms: number, run: () => void): void {
    const cancel = this.#o.clock.setTimer(ms, () => {
      this.#cancels.delete(cancel);
      if (!this.#stopped) run();
    });
    this.#cancels.add(cancel);
  }
}

function parse(message: ReceivedMessage): TimerMessage | { readonly reason: string } {
  try {
    return parseTimerMessage(message.payload);
  } catch (error) {
    return { reason: `not a timer: ${reasonOf(error)}` };
  }
}

const mostBackOffs = 10;

/** An early wake-up is kept in memory for at most so long, ms. */
const heldMs = 30_000;
