import type { Effect } from "@downbeat/domain";
import type { MessageLog, Producer } from "@downbeat/message-log";
import { encodeJobMessage, encodeTimerMessage, longestDelayMs, topics } from "@downbeat/protocol";
import type { EngineObserver } from "./observer.ts";

/** Carries out effects: the job manager's hand-over of attempts to workers, and the timer's wake-ups. Sessions are shared by all partitions. */
export class EffectPublisher {
  readonly #log: MessageLog;
  readonly #observer: EngineObserver;
  readonly #producers = new Map<string, Promise<Producer>>();

  constructor(log: MessageLog, observer: EngineObserver) {
    this.#log = log;
    this.#observer = observer;
  }

  /** Resolves when the effect is durable in its topic. */
  async publish(effect: Effect, now: number): Promise<void> {
    switch (effect.type) {
      case "DispatchAttempt": {
        const { type: _, ...message } = effect;
        const producer = await this.#producer(topics.jobs(effect.jobType));
        await producer.send({ payload: encodeJobMessage(message), key: `${effect.runId}/${effect.jobId}` });
        this.#observer.dispatched?.(effect.jobType);
        return;
      }
      case "ArmTimer": {
        const { type: _, ...message } = effect;
        const producer = await this.#producer(topics.timers);
        const deliverAt = Math.min(effect.dueAt, now + longestDelayMs);
        await producer.send({ payload: encodeTimerMessage(message), key: effect.runId, deliverAt });
        return;
      }
    }
  }

  async close(): Promise<void> {
    const open = [...this.#producers.values()];
    this.#producers.clear();
    await Promise.allSettled(open.map(async (producer) => (await producer).close()));
  }

  #producer(topic: string): Promise<Producer> {
    const known = this.#producers.get(topic);
    if (known !== undefined) return known;
    const forget = () => {
      if (this.#producers.get(topic) === opening) this.#producers.delete(topic);
    };
    const opening: Promise<Producer> = this.#log.openProducer(topic, { onClose: forget });
    this.#producers.set(topic, opening);
    opening.catch(forget);
    return opening;
  }
}
