import { type Consumer, LogError, type MessageLog, type Position } from "@downbeat/message-log";
import { subscriptions, topics } from "@downbeat/protocol";

export interface TurnOptions {
  readonly log: MessageLog;
  /** From here on no other server looks. Aborted when that is over. */
  readonly onTurn: (signal: AbortSignal) => void;
  /** Wait before it is tried again, ms. */
  readonly againMs?: number;
}

/**
 * Of all servers of a namespace one at a time has its turn: the log gives a subscription to one consumer alone, and to another when that one is gone. It may
 * overlap for a moment, while a lost connection is not noticed: what is written then counts once all the same.
 */
export class Turn {
  readonly #o: TurnOptions;
  #consumer: Consumer | undefined;
  #turn: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #state: "here" | "elsewhere" | "unknown" = "unknown";
  #trouble: string | undefined;

  constructor(options: TurnOptions) {
    this.#o = options;
    void this.#take();
  }

  get state(): "here" | "elsewhere" | "unknown" {
    return this.#state;
  }

  /** Why nobody knows whose turn it is. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#turn?.abort();
    await this.#consumer?.close();
  }

  async #take(): Promise<void> {
    const { log, onTurn } = this.#o;
    let isOver = false;
    let opened: Consumer | undefined;
    const early: Position[] = [];
    try {
      const consumer = await log.openConsumer(topics.alerts, {
        subscription: subscriptions.alerting,
        type: "Exclusive",
        initialPosition: "latest",
        // What is said here, a reader folds: this one is there to be the only one.
        onMessage: ({ position }) =>
          opened === undefined ? void early.push(position) : opened.acknowledge(position),
        onClose: (reason) => {
          isOver = true;
          this.#end(reason?.message);
        },
      });
      opened = consumer;
      for (const position of early) consumer.acknowledge(position);
      if (this.#isClosed || isOver) return void consumer.close().catch(() => {});
      this.#consumer = consumer;
      this.#turn = new AbortController();
      this.#state = "here";
      this.#trouble = undefined;
      onTurn(this.#turn.signal);
    } catch (error) {
      const isTaken = error instanceof LogError && error.code === "conflict";
      this.#state = isTaken ? "elsewhere" : "unknown";
      this.#trouble = isTaken ? undefined : (error as Error).message;
      this.#again();
    }
  }

  #end(reason: string | undefined): void {
    this.#turn?.abort();
    this.#turn = undefined;
    this.#consumer = undefined;
    this.#state = "unknown";
    this.#trouble = reason ?? "The connection to the log was lost.";
    this.#again();
  }

  #again(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#take(), this.#o.againMs ?? 5_000);
    this.#timer.unref();
  }
}
