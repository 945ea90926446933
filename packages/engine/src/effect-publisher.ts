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
  /** Topics of builds that could not be had when they were last tried. */
  readonly #replaced = new Set<string>();

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
    const publish = (topic: string, question: AskedQuestion) =>
      // Rule 41: held back by the log, so that they don't come back together.
      this.#questions.publish(question, { topic, turn, deliverAt: notBefore });
    const askAll = (question: AskedQuestion) => this.#told(shared, () => publish(shared, question));
    const isAskedOfBuild = build !== undefined && (isPinned === true || isThere(known, workflow, build));
    if (!isAskedOfBuild) return askAll(ofAnybody);
    // Rule 36: the topic of its build, which others do not read.
    const own = topics.decisionsOfBuild(workflow, build);
    // A cluster where topics are made by hand: who is not meant says so, and the next one is asked.
    if (!(await this.#takes(own, () => publish(own, asked), shared))) await askAll(asked);
  }

  /** @returns whether the topic can be had; nothing is wrong where it can't, as another one is there in its place */
  async #takes(topic: string, publish: () => Promise<void>, instead: string): Promise<boolean> {
    const attempt = publish().catch((error: unknown) => {
      if (!isOutOfReach(error)) throw error;
      return error;
    });
    const problem = await this.#told(topic, () => attempt);
    if (problem === undefined) this.#replaced.delete(topic);
    else if (!this.#replaced.has(topic)) {
      this.#replaced.add(topic);
      this.#observer.topicReplaced?.(topic, instead, problem.message);
    }
    return problem === undefined;
  }

  async #told<T>(topic: string, publish: () => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await publish();
    } catch (error) {
      if (isOfMessage(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#refusals.get(topic) !== reason) this.#observer.topicRefuses?.(topic, reason);
      this.#refusals.set(topic, reason);
      throw error;
    }
    if (this.#refusals.delete(topic)) this.#observer.topicTakes?.(topic);
    return result;
  }

  async #publish(effect: PlainEffect, topic: string, now: number): Promise<void> {
    switch (effect.type) {
      case "DispatchAttempt": {
        const { type: _, ...message } = effect;
        // Rule 14: ids follow from the events, so an effect that is published twice is recognised.
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

/** It is not there and can't be made, or is not for these credentials. */
function isOutOfReach(error: unknown): error is LogError {
  return error instanceof LogError && (error.code === "missing" || error.code === "unauthorized");
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
