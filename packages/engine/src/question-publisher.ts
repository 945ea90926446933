import type { TopicProducers } from "@downbeat/message-log";
import {
  type AskedQuestion,
  mostQuestionBytes,
  questionKey,
  questionMessageOf,
  questionParts,
} from "@downbeat/protocol";
import type { Clock } from "./clock.ts";

interface Waiting {
  readonly json: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface QuestionRoute {
  readonly topic: string;
  readonly turn?: number | undefined;
  /** ms since the epoch */
  readonly deliverAt?: number | undefined;
}

interface Batch {
  readonly topic: string;
  readonly key: string;
  readonly waiting: Waiting[];
  bytes: number;
}

/** Puts questions to the topics of their workflows: those that come in one turn of the event loop, and go the same way, in one message. */
export class QuestionPublisher {
  readonly #producers: TopicProducers;
  readonly #clock: Clock;
  readonly #batches = new Map<string, Batch>();
  #isArmed = false;

  constructor(producers: TopicProducers, clock: Clock) {
    this.#producers = producers;
    this.#clock = clock;
  }

  /** Resolves when the question is durable in its topic. */
  async publish(asked: AskedQuestion, { topic, turn, deliverAt }: QuestionRoute): Promise<void> {
    // Rule 35: another turn, another key, so another worker.
    const key = questionKey(asked.runId, turn);
    const [json = "", ...others] = questionParts(asked);
    if (deliverAt !== undefined || others.length > 0) {
      const delay = deliverAt === undefined ? {} : { deliverAt };
      const parts = [json, ...others].map((part) => ({ payload: questionMessageOf([part]), key, ...delay }));
      await Promise.all(parts.map((part) => this.#producers.send(topic, part)));
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#add(topic, key, { json, resolve, reject });
    return promise;
  }

  #add(topic: string, key: string, one: Waiting): void {
    const id = `${topic} ${key}`;
    const bytes = Buffer.byteLength(one.json);
    let batch = this.#batches.get(id);
    if (batch !== undefined && batch.bytes + bytes > mostQuestionBytes) {
      this.#send(batch);
      batch = undefined;
    }
    if (batch === undefined) {
      batch = { topic, key, waiting: [], bytes: 0 };
      this.#batches.set(id, batch);
    }
    batch.waiting.push(one);
    batch.bytes += bytes;
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.#clock.defer(() => {
      this.#isArmed = false;
      const batches = [...this.#batches.values()];
      this.#batches.clear();
      for (const each of batches) this.#send(each);
    });
  }

  #send({ topic, key, waiting }: Batch): void {
    const payload = questionMessageOf(waiting.map(({ json }) => json));
    this.#producers.send(topic, { payload, key }).then(
      () => {
        for (const { resolve } of waiting) resolve();
      },
      (error: unknown) => {
        for (const { reject } of waiting) reject(error);
      },
    );
  }
}
