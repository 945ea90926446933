import type { AskCode, Effect } from "@downbeat/domain";
import { LogError, type TopicProducers } from "@downbeat/message-log";
import {
  type AskedQuestion,
  encodeCalledOffMessage,
  encodeJobMessage,
  encodeTimerMessage,
  longestDelayMs,
  topics,
} from "@downbeat/protocol";
import type { Clock } from "./clock.ts";
import type { Delegation } from "./delegation.ts";
import type { EngineObserver } from "./observer.ts";
import { QuestionPublisher } from "./question-publisher.ts";

type PlainEffect = Exclude<Effect, AskCode>;

/** Carries out effects: the job manager's hand-over of attempts to workers, and the timer's wake-ups. Shared by all partitions. */
export class EffectPublisher {
  readonly #producers: TopicProducers;
  readonly #observer: EngineObserver;
  readonly #questions: QuestionPublisher;
  readonly #refusals = new Map<string, string>();

  constructor(producers: TopicProducers, observer: EngineObserver, clock: Clock) {
    this.#producers = producers;
    this.#observer = observer;
    this.#questions = new QuestionPublisher(producers, clock);
  }

  /** Topics that took nothing when they were last tried, with what the log said. */
  get refusals(): ReadonlyMap<string, string> {
    return this.#refusals;
  }

  /** Resolves when the effect is durable in its topic. */
  async publish(effect: PlainEffect, now: number): Promise<void> {
    const topic = topicOf(effect);
    await this.#told(topic, () => this.#publish(effect, topic, now));
  }

  /** As {@link publish} for a question, with the events that it tells. */
  async ask(asked: AskedQuestion, effect: AskCode, known: Pick<Delegation, "buildsOf">): Promise<void> {
    const { workflow, build, isPinned, turn, notBefore } = effect;
    const { build: _, ...ofAnybody } = asked;
    const shared = topicOf(effect);
    const askIn = (topic: string, question: AskedQuestion) =>
      this.#told(topic, () => this.#questions.publish(question, { topic, turn, deliverAt: notBefore }));
    const isAskedOfBuild = build !== undefined && (isPinned === true || isThere(known, workflow, build));
    if (!isAskedOfBuild) return askIn(shared, ofAnybody);
    await askIn(topics.decisionsOfBuild(workflow, build), asked).catch((error: unknown) => {
      if (!(error instanceof LogError) || error.code !== "missing") throw error;
      // A cluster where topics are made by hand: who is not meant says so, and the next one is asked.
      return askIn(shared, asked);
    });
  }

  async #told(topic: string, publish: () => Promise<void>): Promise<void> {
    try {
      await publish();
    } catch (error) {
      if (isOfMessage(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#refusals.get(topic) !== reason) this.#observer.topicRefuses?.(topic, reason);
      this.#refusals.set(topic, reason);
      throw error;
    }
    if (this.#refusals.delete(topic)) this.#observer.topicTakes?.(topic);
  }

  async #publish(effect: PlainEffect, topic: string, now: number): Promise<void> {
    switch (effect.type) {
      case "DispatchAttempt": {
        const { type: _, ...message } = effect;
        const key = `${effect.runId}/${effect.jobId}`;
        await this.#producers.send(topic, { payload: encodeJobMessage(message), key });
        this.#observer.dispatched?.(effect.jobType);
        return;
      }
      case "ArmTimer": {
        const { type: _, ...message } = effect;
        const deliverAt = Math.min(effect.dueAt, now + longestDelayMs);
        await this.#producers.send(topic, {
          payload: encodeTimerMessage(message),
          key: effect.runId,
          deliverAt,
        });
        return;
      }
      case "CallOffAttempt": {
        const { type: _, ...message } = effect;
        await this.#producers.send(topic, { payload: encodeCalledOffMessage(message), key: effect.runId });
        return;
      }
    }
  }
}

/** Where that is not known yet, it is believed. */
function isThere(known: Pick<Delegation, "buildsOf">, workflow: string, build: string): boolean {
  return known.buildsOf(workflow)?.includes(build) ?? true;
}

export function topicOf(effect: Effect): string {
  switch (effect.type) {
    case "DispatchAttempt":
      return topics.jobs(effect.jobType);
    case "ArmTimer":
      return topics.timers;
    case "CallOffAttempt":
      return topics.calledOff;
    case "AskCode":
      return topics.decisions(effect.workflow);
  }
}

/** It says nothing about the topic. */
export function isOfMessage(error: unknown): boolean {
  return error instanceof LogError && (error.code === "tooLarge" || error.code === "invalid");
}
