import { randomUUID } from "node:crypto";
import type { Clock } from "./clock.ts";
import { LogError } from "./log-error.ts";
import type { ProducerOptions } from "./message-log.ts";

/** A log that has not noticed that a session is gone refuses its name to the next one; for so long it is asked for all the same, ms. */
const sameNameMs = 15_000;

/**
 * Numbers what one producer sends, over all of its sessions, so that the log recognises what it gets again.
 *
 * The log counts by itself from the number that a session begins with, and which refused messages it counts is its own affair. So what is known here
 * is only that no message has a higher number there than here. After a refusal, numbers go on above all that were given: then a message whose receipt
 * was lost may be stored twice, but none is taken for another's duplicate.
 */
export class Numbering {
  readonly #clock: Clock;
  #name = randomUUID();
  /** The highest number given. */
  #highest = 0;
  /** Of the message sent last on this session. */
  #last = 0;
  #exact = true;
  #refusedSince: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async open<S>(
    open: (options: Required<Pick<ProducerOptions, "producerName" | "initialSequenceId">>) => Promise<S>,
  ): Promise<S> {
    try {
      const session = await open({ producerName: this.#name, initialSequenceId: this.#last });
      this.#refusedSince = undefined;
      return session;
    } catch (error) {
      if (error instanceof LogError && error.code === "conflict") this.#refused();
      throw error;
    }
  }

  next(): number {
    this.#last += 1;
    this.#highest = Math.max(this.#highest, this.#last);
    return this.#last;
  }

  /** A message was refused: the log's numbers may be behind from here on. */
  blur(): void {
    this.#exact = false;
  }

  /** A session is over. @param again numbers of what will be sent again, in that order */
  resume(again: readonly number[]): void {
    const [first = 0] = again;
    const isUnbroken = first > 0 && again.every((number, index) => number === first + index);
    this.#last = this.#exact && isUnbroken ? first - 1 : this.#highest;
    this.#exact = true;
  }

  #refused(): void {
    const now = this.#clock.now();
    this.#refusedSince ??= now;
    if (now - this.#refusedSince < sameNameMs) return;
    this.#refusedSince = undefined;
    this.#name = randomUUID();
  }
}
