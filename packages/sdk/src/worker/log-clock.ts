import { type Clock, type MessageLog, monotonic, type Reader } from "@downbeat/message-log";
import { within } from "../within.ts";

/**
 * The log's time, as its messages tell it. This machine's clock and the log's are never compared: a message that was published at `p` and comes at
 * monotonic `m` says that it was at least `p` then, so the largest `p - m` of the last minute or two, added to the monotonic clock, is not ahead of the log.
 *
 * Messages that waited long say little. So once a minute, when somebody wants to know, what is sent to the log anyway is read back from it.
 */
export class LogClock {
  readonly #log: MessageLog;
  readonly #clock: Clock;
  #current = Number.NEGATIVE_INFINITY;
  #previous = Number.NEGATIVE_INFINITY;
  #bucketStart: number;
  #learntAt = Number.NEGATIVE_INFINITY;
  #hasLearnt = false;
  #learning: Promise<unknown> | undefined;

  constructor(log: MessageLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    this.#bucketStart = monotonic(clock);
  }

  observe(publishTime: number): void {
    const now = monotonic(this.#clock);
    if (now - this.#bucketStart > bucketMs) {
      this.#previous = this.#current;
      this.#current = Number.NEGATIVE_INFINITY;
      this.#bucketStart = now;
    }
    this.#current = Math.max(this.#current, publishTime - now);
  }

  /** ms since the epoch; `undefined` before the first message. */
  now(): number | undefined {
    const offset = Math.max(this.#current, this.#previous);
    return offset === Number.NEGATIVE_INFINITY ? undefined : offset + monotonic(this.#clock);
  }

  /** What was sent has been read back once; from then on what comes is enough to know how old something is. */
  get hasLearnt(): boolean {
    return this.#hasLearnt;
  }

  /** Sends, and has learnt the log's time lately when it resolves, if the log tells it. */
  async learnFrom<T>(topic: string, send: () => Promise<T>): Promise<T> {
    while (this.#learning !== undefined) await this.#learning;
    if (monotonic(this.#clock) - this.#learntAt < bucketMs) return send();
    const learning = this.#learn(topic, send);
    this.#learning = learning.then(
      () => {},
      () => {},
    );
    try {
      return await learning;
    } finally {
      this.#learning = undefined;
      // Also when it was in vain: the next one is not to wait for it as well.
      this.#learntAt = monotonic(this.#clock);
    }
  }

  async #learn<T>(topic: string, send: () => Promise<T>): Promise<T> {
    let heard = (): void => {};
    const hears = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const opening = this.#log.openReader(topic, {
      from: "latest",
      onMessage: ({ publishTime }) => {
        this.observe(publishTime);
        this.#hasLearnt = true;
        heard();
      },
    });
    const opened: Reader | undefined = (await within(this.#clock, longestMs, opening))
      ? await opening.catch(() => undefined)
      : undefined;
    try {
      const sent = await send();
      if (opened !== undefined) await within(this.#clock, longestMs, hears);
      return sent;
    } finally {
      void opening.then((reader) => reader.close()).catch(() => {});
    }
  }
}

const bucketMs = 60_000;
/** Whoever does not hear by then does without. */
const longestMs = 2_000;
