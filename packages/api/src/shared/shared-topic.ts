import {
  FollowedTopic,
  type MessageLog,
  type Position,
  type ReceivedMessage,
  type Topic,
  TopicProducers,
} from "@downbeat/message-log";
import { ApiError } from "../api-error.ts";
import { inTime } from "./in-time.ts";

export interface SharedTopicOptions {
  readonly log: MessageLog;
  readonly topic: Topic;
  /** What is kept in it, for a sentence: "the saved queries". */
  readonly what: string;
  readonly onMessage: (payload: Uint8Array) => void;
  /** How long an answer may wait for the log, ms. */
  readonly patienceMs?: number | undefined;
}

/** What people share, in a topic of its own that every server folds alike. It is read from the first question on. */
export class SharedTopic {
  readonly #o: SharedTopicOptions;
  readonly #producers: TopicProducers;
  #followed: FollowedTopic | undefined;

  constructor(options: SharedTopicOptions) {
    this.#o = options;
    this.#producers = new TopicProducers(options.log);
  }

  /** From here on it is followed. */
  follow(): void {
    this.#followed ??= new FollowedTopic(this.#o.log, this.#o.topic, {
      onMessage: ({ payload }: ReceivedMessage) => this.#o.onMessage(payload),
    });
  }

  /** Resolves when everything that the log held when it was asked is folded. Rejects with `ApiError("unavailable")`. */
  async readUpToNow(): Promise<void> {
    await this.#reach(this.#inTime(this.#o.log.lastPosition(this.#o.topic)));
  }

  /** Resolves when it is durable, and folded with everything before it. Rejects with `ApiError("unavailable")`. */
  async append(payload: Uint8Array, key: string): Promise<void> {
    await this.#reach(this.#inTime(this.#producers.send(this.#o.topic, { payload, key })));
  }

  async close(): Promise<void> {
    await this.#producers.close();
    await this.#followed?.close();
  }

  async #reach(target: Promise<Position | undefined>): Promise<void> {
    this.follow();
    const position = await target;
    await this.#inTime(this.#followed?.readUpTo(position) ?? Promise.resolve());
  }

  async #inTime<T>(work: Promise<T>): Promise<T> {
    const { what, patienceMs = 5_000 } = this.#o;
    try {
      return await inTime(work, patienceMs);
    } catch (cause) {
      throw new ApiError(
        "unavailable",
        `The log, which keeps ${what}, can't be reached: try again in a moment.`,
        { cause },
      );
    }
  }
}
