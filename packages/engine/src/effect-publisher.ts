import type { Effect } from "@downbeat/domain";
import type { TopicProducers } from "@downbeat/message-log";
import { encodeJobMessage, encodeTimerMessage, longestDelayMs, topics } from "@downbeat/protocol";
import type { EngineObserver } from "./observer.ts";

/** Carries out effects: the job manager's hand-over of attempts to workers, and the timer's wake-ups. Shared by all partitions. */
export class EffectPublisher {
  readonly #producers: TopicProducers;
  readonly #observer: EngineObserver;

  constructor(producers: TopicProducers, observer: EngineObserver) {
    this.#producers = producers;
    this.#observer = observer;
  }

  /** Resolves when the effect is durable in its topic. */
  async publish(effect: Effect, now: number): Promise<void> {
    switch (effect.type) {
      case "DispatchAttempt": {
        const { type: _, ...message } = effect;
        const key = `${effect.runId}/${effect.jobId}`;
        await this.#producers.send(topics.jobs(effect.jobType), { payload: encodeJobMessage(message), key });
        this.#observer.dispatched?.(effect.jobType);
        return;
      }
      case "ArmTimer": {
        const { type: _, ...message } = effect;
        const deliverAt = Math.min(effect.dueAt, now + longestDelayMs);
        const payload = encodeTimerMessage(message);
        await this.#producers.send(topics.timers, { payload, key: effect.runId, deliverAt });
        return;
      }
    }
  }
}
