import type { Clock, Reader, ReceivedMessage } from "@downbeat/message-log";
import type { NativeReader } from "./module.ts";
import { receivedMessage } from "./native-delivery.ts";
import { nativeError } from "./native-error.ts";
import { NativeLife } from "./native-session.ts";

/** Hands over in log order, and no more than `queueSize` messages before earlier handlers are done. */
export class NativeReaderSession implements Reader {
  readonly #reader: NativeReader;
  readonly #life: NativeLife;
  readonly #onMessage: (message: ReceivedMessage) => void | Promise<void>;
  readonly #handling = new Set<Promise<void>>();

  constructor(
    what: string,
    reader: NativeReader,
    { clock, queueSize }: { readonly clock: Clock; readonly queueSize: number },
    onMessage: (message: ReceivedMessage) => void | Promise<void>,
    onEnd: (reason?: Error) => void,
  ) {
    this.#reader = reader;
    this.#onMessage = onMessage;
    this.#life = new NativeLife(what, reader, clock, onEnd);
    setImmediate(() => void this.#readAll(queueSize));
  }

  async close(): Promise<void> {
    if (this.#life.end()) await this.#life.closeSession();
  }

  async #readAll(queueSize: number): Promise<void> {
    while (!this.#life.ended) {
      try {
        const native = await this.#reader.readNext();
        if (this.#life.ended) return;
        const handled = this.#onMessage(receivedMessage(native));
        if (handled !== undefined) this.#handle(handled);
        if (this.#handling.size >= queueSize) await Promise.race(this.#handling);
      } catch (error) {
        await this.#fail(error);
      }
    }
  }

  #handle(handled: Promise<void>): void {
    const settled: Promise<void> = handled
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#handling.delete(settled));
    this.#handling.add(settled);
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#life.end(nativeError(this.#life.what, error))) await this.#life.closeSession();
  }
}
