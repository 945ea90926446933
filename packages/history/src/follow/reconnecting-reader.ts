import type { Clock, MessageLog, Reader, ReadFrom, ReceivedMessage, Topic } from "@downbeat/message-log";

export interface ReconnectingReaderOptions {
  readonly log: MessageLog;
  readonly topic: Topic;
  readonly clock: Clock;
  /** Asked before each connection: right after the last message that was taken. */
  readonly from: () => ReadFrom;
  readonly onMessage: (message: ReceivedMessage) => void;
  /** The session ended, or could not be opened; it is tried again. */
  readonly onLost?: (reason: Error | undefined) => void;
}

const firstWaitMs = 100;
const longestWaitMs = 5_000;

/** A reader that connects again for as long as it is not closed. */
export class ReconnectingReader {
  readonly #options: ReconnectingReaderOptions;
  #reader: Reader | undefined;
  #connected = false;
  #closed = false;
  #waitMs = firstWaitMs;
  #cancelWait: (() => void) | undefined;

  constructor(options: ReconnectingReaderOptions) {
    this.#options = options;
    void this.#connect();
  }

  get connected(): boolean {
    return this.#connected;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#connected = false;
    this.#cancelWait?.();
    await this.#reader?.close().catch(() => {});
  }

  async #connect(): Promise<void> {
    // Messages of a session that has ended may still come: they must not follow those of the next.
    let over = false;
    const end = (reason: Error | undefined): void => {
      if (over) return;
      over = true;
      this.#lost(reason);
    };
    const { log, topic, from, onMessage } = this.#options;
    try {
      const reader = await log.openReader(topic, {
        from: from(),
        onMessage: (message) => {
          if (over || this.#closed) return;
          this.#waitMs = firstWaitMs;
          onMessage(message);
        },
        onClose: end,
      });
      this.#reader = reader;
      if (this.#closed) await reader.close();
      else if (!over) this.#connected = true;
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #lost(reason: Error | undefined): void {
    this.#connected = false;
    this.#reader = undefined;
    if (this.#closed) return;
    this.#options.onLost?.(reason);
    this.#cancelWait = this.#options.clock.setTimer(() => void this.#connect(), this.#waitMs);
    this.#waitMs = Math.min(longestWaitMs, this.#waitMs * 2);
  }
}
