import { LogError, type OutgoingMessage, type Position, type Producer } from "@downbeat/message-log";

export interface ProducerTarget {
  /** Takes the message, or throws a `LogError`. */
  append(message: OutgoingMessage, sequence: number): Promise<Position | undefined>;
}

/** A producer's session: numbers its messages. What it has sent before `close()` still gets its receipts. */
export class ProducerSession implements Producer {
  readonly #target: ProducerTarget;
  readonly #onEnd: (session: ProducerSession, reason?: Error) => void;
  #sequence: number;
  #ended: LogError | undefined;

  constructor(
    target: ProducerTarget,
    lastSequence: number,
    onEnd: (session: ProducerSession, reason?: Error) => void,
  ) {
    this.#target = target;
    this.#sequence = lastSequence;
    this.#onEnd = onEnd;
  }

  send(message: OutgoingMessage): Promise<Position | undefined> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    try {
      const receipt = this.#target.append(message, this.#sequence + 1);
      this.#sequence += 1;
      return receipt;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async close(): Promise<void> {
    this.end();
  }

  end(reason?: LogError): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason ?? new LogError("closed", "The producer is closed.");
    this.#onEnd(this, reason);
  }
}
