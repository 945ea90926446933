import {
  type Clock,
  comparePositions,
  type MessageLog,
  type Position,
  parsePosition,
  position,
  systemClock,
} from "@downbeat/message-log";
import type { OnProblem } from "../problem-listener.ts";
import { asError } from "../thrown/as-error.ts";
import { within } from "../within.ts";

const longestMs = 5_000;
/** Of places within a batch. */
const last = 999_998;

export interface BeforeConsumerOptions {
  readonly clock: Clock | undefined;
  /** So many messages may be with one worker. */
  readonly inHand: number;
  readonly onProblem: OnProblem;
}

/**
 * What was in a topic before its consumer: on a log that forgets its counts when the last one is gone, others may have had it. They are given out in their order, so
 * whoever had some had the first ones: what comes after as many as one worker may have in hand, nobody had, or another worker beside, and that is noticed the next time.
 */
export class BeforeConsumer {
  readonly #log: MessageLog;
  readonly #topic: string;
  readonly #o: BeforeConsumerOptions;
  readonly #first = Promise.withResolvers<Position | undefined>();
  #end: Promise<Position | undefined> = this.#first.promise;
  #hasFailed = false;
  /** Messages from before the consumer since it was opened. */
  #found = 0;

  constructor(log: MessageLog, topic: string, options: BeforeConsumerOptions) {
    this.#log = log;
    this.#topic = topic;
    this.#o = options;
  }

  /** Else the log says itself how often it delivered a message. */
  get mayHold(): boolean {
    return this.#log.forgetsDeliveries === true;
  }

  /** Called each time that the consumer was opened. */
  opened(): void {
    if (!this.mayHold) return;
    this.#found = 0;
    this.#end = this.#read();
    this.#first.resolve(this.#end);
  }

  /** Whether a message that is handed over, in the order in which they are, may have been with a worker before. */
  async mayHaveBeenInHand(at: Position): Promise<boolean> {
    // Rule 42: where the log forgets, this is all that is known.
    const end = await this.#end;
    if (end === undefined || comparePositions(at, end) > 0) return false;
    this.#found += 1;
    return this.#found <= this.#o.inHand;
  }

  async #read(): Promise<Position | undefined> {
    try {
      const reading = this.#log.lastPosition(this.#topic);
      const isInTime = await within(this.#o.clock ?? systemClock, longestMs, reading);
      if (!isInTime) throw new Error(`The log did not say so within ${longestMs / 1_000} s.`);
      const end = await reading;
      if (end === undefined) return undefined;
      // Logs may say of the entry alone where a batch is that came last.
      const { ledger, entry } = parsePosition(end);
      return position(ledger, entry, last);
    } catch (error) {
      if (!this.#hasFailed)
        this.#o.onProblem(
          `Which messages were in ${this.#topic} before this worker can't be told: code that ends its worker is noticed later.`,
          asError(error),
        );
      this.#hasFailed = true;
      return undefined;
    }
  }
}
