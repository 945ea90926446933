import type { DispatchAttempt, Effect } from "@downbeat/domain";
import type { Clock } from "./clock.ts";
import { isOfMessage, topicOf } from "./effect-publisher.ts";

export interface PatientPublisherOptions {
  readonly effects: { publish(effect: Effect, now: number): Promise<void> };
  readonly clock: Clock;
  readonly isOwning: () => boolean;
  /** Whether somebody finds out later what was left. */
  readonly mayLeave: () => boolean;
  /** The attempt is in its topic. */
  readonly onHandedOver: (effect: DispatchAttempt) => void;
  /** The attempt is not in its topic, and nothing waits for that any more. */
  readonly onLeft: (effect: DispatchAttempt) => void;
}

const firstPauseMs = 250;
const longestPauseMs = 10_000;
/** How long everything of the partition may wait for one effect. */
const patienceMs = 5_000;
/** A topic that took nothing is tried again with one effect so often. */
const probeEveryMs = 10_000;

/**
 * Publishes an owner's effects, again where it failed, and leaves what can't be published after a while: nothing else in the partition waits for a
 * topic that is full or gone. What is left is not lost: attempts are found by `LostAttempts`, and the owner keeps every deadline itself.
 */
export class PatientPublisher {
  readonly #o: PatientPublisherOptions;
  /** Topics that took nothing lately, with the time of the next try by the monotonic clock. */
  readonly #refusing = new Map<string, number>();

  constructor(options: PatientPublisherOptions) {
    this.#o = options;
  }

  /** Resolves when the effect is durable in its topic, or left. */
  async publish(effect: Effect, now: number): Promise<void> {
    const { clock, effects, isOwning, mayLeave } = this.#o;
    const topic = topicOf(effect);
    const since = clock.monotonic();
    for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, longestPauseMs)) {
      const probeAt = this.#refusing.get(topic);
      if (probeAt !== undefined && mayLeave()) {
        if (clock.monotonic() < probeAt) return this.#leave(effect);
        this.#refusing.set(topic, clock.monotonic() + probeEveryMs);
      }
      try {
        await effects.publish(effect, now);
        this.#refusing.delete(topic);
        if (effect.type === "DispatchAttempt") this.#o.onHandedOver(effect);
        return;
      } catch (error) {
        if (isOfMessage(error)) return this.#leave(effect);
        if (mayLeave() && (probeAt !== undefined || clock.monotonic() - since >= patienceMs)) {
          this.#refusing.set(topic, clock.monotonic() + probeEveryMs);
          return this.#leave(effect);
        }
      }
      await new Promise<void>((resolve) => clock.setTimer(pause, resolve));
      // Its next owner publishes it.
      if (!isOwning()) return;
    }
  }

  #leave(effect: Effect): void {
    if (effect.type === "DispatchAttempt") this.#o.onLeft(effect);
  }
}
