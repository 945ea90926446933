import type {
  Consumer,
  MessageLog,
  OutgoingMessage,
  Position,
  Producer,
  Reader,
  ReceivedMessage,
} from "@downbeat/message-log";
import { subscriptions, topics } from "@downbeat/protocol";
import { because } from "./because.ts";

/** Messages of history that wait here to be taken: few, so that their bytes are garbage before they count as old. */
const historyQueueSize = 16;

export interface SessionsOptions {
  readonly log: MessageLog;
  readonly partition: number;
  /** Name of the engine process: decides which partitions it is given. */
  readonly owner: string;
  readonly inboxPrefetch: number;
  /** @returns a promise when more should come only after this one is taken */
  readonly onHistory: (message: ReceivedMessage) => Promise<void> | undefined;
  readonly onInbox: (message: ReceivedMessage) => void;
  /** One of them is over, and nobody asked for it. */
  readonly onEnd: (reason: string) => void;
}

/** What a tenure has open in the log: a reader and a producer of the partition's history, and a consumer of its inbox. */
export class Sessions {
  readonly #o: SessionsOptions;
  #reader: Reader | undefined;
  #inbox: Consumer | undefined;
  #history: Producer | undefined;
  #closed = false;
  /** The log did not take something that was to be appended to history. */
  wasRefused = false;
  #released = false;

  constructor(options: SessionsOptions) {
    this.#o = options;
  }

  async openReader(after: Position | undefined): Promise<void> {
    this.#reader = await this.#o.log.openReader(topics.history(this.#o.partition), {
      from: after === undefined ? "earliest" : { after },
      queueSize: historyQueueSize,
      onMessage: (message) => this.#o.onHistory(message),
      onClose: (reason) => this.#o.onEnd(`the history session ended${because(reason)}`),
    });
  }

  async openHistory(): Promise<void> {
    // Rule 6: no producer that sends again by itself: an append that failed may only be late.
    this.#history = await this.#o.log.openProducer(topics.history(this.#o.partition), {
      onClose: (reason) => this.#o.onEnd(`the history producer ended${because(reason)}`),
    });
  }

  async openInbox(): Promise<void> {
    if (this.#released) return;
    let opened: Consumer | undefined;
    opened = await this.#o.log.openConsumer(topics.inbox(this.#o.partition), {
      subscription: subscriptions.engine,
      type: "Failover",
      consumerName: this.#o.owner,
      prefetch: this.#o.inboxPrefetch,
      onMessage: (message) => this.#o.onInbox(message),
      onClose: (reason) => {
        if (this.#released) return;
        if (this.#inbox === opened) this.#o.onEnd(`the inbox session ended${because(reason)}`);
      },
    });
    if (this.#closed || this.#released) return opened.close();
    this.#inbox = opened;
  }

  /** Closes the inbox session and opens a fresh one. Nothing happens while there is none. */
  renewInbox(): void {
    const old = this.#inbox;
    if (old === undefined) return;
    this.#inbox = undefined;
    old
      .close()
      .then(() => this.openInbox())
      .catch((error: unknown) => this.#o.onEnd(`the inbox session could not be renewed${because(error)}`));
  }

  /** Gives the partition's inbox back for good. */
  releaseInbox(): void {
    this.#released = true;
    void this.#inbox?.close();
  }

  get hasInbox(): boolean {
    return this.#inbox !== undefined && !this.#released;
  }

  /** What a claim needs. */
  get areOpen(): boolean {
    return this.#history !== undefined && this.#inbox !== undefined;
  }

  acknowledge(position: Position): void {
    this.#inbox?.acknowledge(position);
  }

  /** Appends to history. Resolves with its receipt. */
  append(message: OutgoingMessage): Promise<unknown> {
    if (this.#history === undefined) throw new Error("The history producer is not open.");
    const sent = this.#history.send(message);
    // Before whoever appends it hears of it.
    sent.catch(() => {
      this.wasRefused = true;
    });
    return sent;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([this.#reader?.close(), this.#inbox?.close(), this.#history?.close()]);
  }
}
