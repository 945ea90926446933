import { LogError, type Reader, type ReaderOptions, type ReceivedMessage } from "@downbeat/message-log";
import type { MessageStore } from "./message-store.ts";
import type { Pump, Source } from "./pump.ts";
import type { StoredMessage } from "./stored-message.ts";
import type { Topic, TopicListener } from "./topic.ts";

const defaultQueueSize = 1_000;
const scanAtOnce = 1_000;

/** Follows a topic. Leaves nothing behind. */
export class ReaderSession implements Reader, Source, TopicListener {
  readonly #topic: Topic;
  readonly #store: MessageStore;
  readonly #pump: Pump;
  readonly #seesUncommitted: boolean;
  readonly #queueSize: number;
  readonly #onMessage: (message: ReceivedMessage) => void | Promise<void>;
  readonly #onEnd: (session: ReaderSession, reason?: Error) => void;
  #next: number;
  #busy = 0;
  #loading = false;
  #cold: StoredMessage[] = [];
  #coldAt = 0;
  #open = true;
  #started = false;
  #congested = false;

  constructor(
    topic: Topic,
    from: number,
    options: Omit<ReaderOptions, "from"> & {
      readonly seesUncommitted: boolean;
      readonly store: MessageStore;
      readonly pump: Pump;
    },
    onEnd: (session: ReaderSession, reason?: Error) => void,
  ) {
    const { queueSize = defaultQueueSize } = options;
    if (!(Number.isInteger(queueSize) && queueSize >= 1)) {
      throw new LogError("invalid", `queueSize must be a whole number of at least 1, not ${queueSize}.`);
    }
    this.#topic = topic;
    this.#next = from;
    this.#store = options.store;
    this.#pump = options.pump;
    this.#seesUncommitted = options.seesUncommitted;
    this.#queueSize = queueSize;
    this.#onMessage = options.onMessage;
    this.#onEnd = onEnd;
    topic.listeners.add(this);
  }

  /** Nothing is handed over before, so that whoever opened the session has it in hand when the first message comes. */
  start(): void {
    this.#started = true;
    this.#pump.wake(this);
  }

  /** True while what was handed over has not left for the client: nothing more until it has. */
  congested(is: boolean): void {
    this.#congested = is;
    if (!is) this.#pump.wake(this);
  }

  get nextEntry(): number {
    return this.#next;
  }

  onAppend(): void {
    if (this.#seesUncommitted) this.#pump.wake(this);
  }

  onCommit(): void {
    if (!this.#seesUncommitted) this.#pump.wake(this);
  }

  dispatch(budget: number): number {
    let handedOut = 0;
    if (!this.#started) return handedOut;
    for (
      let scanned = 0;
      this.#open && !this.#congested && !this.#loading && this.#busy < this.#queueSize && handedOut < budget;
      scanned++
    ) {
      if (scanned === scanAtOnce) return budget;
      if (this.#next > (this.#seesUncommitted ? this.#topic.lastEntry : this.#topic.committedEntry)) break;
      const message = this.#next < this.#topic.hotFloor ? this.#nextCold() : this.#topic.hot(this.#next);
      if (message === "loading") break;
      this.#next = (message?.entry ?? this.#next) + 1;
      if (message === undefined) continue;
      this.#handOut(message);
      handedOut += 1;
    }
    return handedOut;
  }

  async close(): Promise<void> {
    this.end();
  }

  end(reason?: Error): void {
    if (!this.#open) return;
    this.#open = false;
    this.#topic.listeners.delete(this);
    this.#cold = [];
    this.#onEnd(this, reason);
  }

  #handOut(message: StoredMessage): void {
    try {
      const done = this.#onMessage(message);
      if (done === undefined) return;
      this.#busy += 1;
      done.then(this.#settled, (error: unknown) => this.#handlerFailed(error));
    } catch (error) {
      this.#handlerFailed(error);
    }
  }

  readonly #settled = (): void => {
    this.#busy -= 1;
    if (this.#open) this.#pump.wake(this);
  };

  #handlerFailed(error: unknown): void {
    this.end(new LogError("closed", "The reader's message handler threw", { cause: error }));
  }

  #nextCold(): StoredMessage | "loading" {
    const message = this.#cold[this.#coldAt];
    if (message !== undefined) {
      this.#coldAt += 1;
      return message;
    }
    const to = this.#topic.hotFloor - 1;
    this.#loading = true;
    this.#store.read(this.#topic, this.#next, to).then(
      ({ messages }) => {
        this.#loading = false;
        this.#cold = messages;
        this.#coldAt = 0;
        if (messages.length === 0) this.#next = to + 1;
        this.#pump.wake(this);
      },
      () => {
        // The store has reported the failure, and the log is ending.
      },
    );
    return "loading";
  }
}
