import type { MessageLog, Reader, ReceivedMessage, Topic } from "./message-log.ts";
import { comparePositions, type Position } from "./position.ts";
import { reconnectingReader } from "./reconnecting-reader.ts";
import type { ReconnectOptions } from "./reconnector.ts";

export interface FollowedTopicOptions extends ReconnectOptions {
  readonly onMessage: (message: ReceivedMessage) => void;
}

/** Reads a topic from its beginning as long as it is open, and says when it has read up to a place. */
export class FollowedTopic {
  readonly #log: MessageLog;
  readonly #topic: Topic;
  readonly #reader: Reader;
  readonly #waiting = new Set<() => void>();
  #readTo: Position | undefined;

  constructor(log: MessageLog, topic: Topic, options: FollowedTopicOptions) {
    this.#log = log;
    this.#topic = topic;
    this.#reader = reconnectingReader(log, topic, {
      ...options,
      from: "earliest",
      expectsMore: () => this.#waiting.size > 0,
      onMessage: (message) => {
        options.onMessage(message);
        this.#readTo = message.position;
        for (const check of [...this.#waiting]) check();
      },
    });
  }

  /** Resolves when everything up to there is read: at once for `undefined`, the end of an empty topic. */
  async readUpTo(end: Position | undefined): Promise<void> {
    if (end === undefined) return;
    const isReached = (): boolean => this.#readTo !== undefined && comparePositions(this.#readTo, end) >= 0;
    if (isReached()) return;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (!isReached()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
    });
  }

  /** Resolves when all that the log holds by now is read. Rejects when the log doesn't say where it ends. */
  async readUpToNow(): Promise<void> {
    return this.readUpTo(await this.#log.lastPosition(this.#topic));
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
