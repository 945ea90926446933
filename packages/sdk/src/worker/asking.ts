import type { RunCommand, RunEvent } from "@downbeat/domain";
import type { Clock, MessageLog } from "@downbeat/message-log";
import { Client } from "../client/client.ts";
import { NoAnswerError } from "../client/errors.ts";

/** Without an engine that says so by then, what is asked for is done. */
const answerWithinMs = 10_000;
const idleMs = 30_000;

/** Asks the engine. It reads history as long as it does, so it stops when nothing was asked for a while. */
export class Asking {
  readonly #log: MessageLog;
  readonly #actor: string;
  readonly #clock: Clock;
  #client: Client | undefined;
  #questions = 0;
  #cancelEnd: () => void = () => {};

  constructor(log: MessageLog, actor: string, clock: Clock) {
    this.#log = log;
    this.#actor = actor;
    this.#clock = clock;
  }

  /** What the engine makes of the command; nothing when it does not say so in time. */
  async decisionOn(command: RunCommand): Promise<readonly RunEvent[] | undefined> {
    this.#cancelEnd();
    this.#client ??= new Client({
      log: this.#log,
      actor: this.#actor,
      clock: this.#clock,
      answerWithin: answerWithinMs,
      // The worker itself tells what there is to tell of the log.
      onProblem: () => {},
    });
    this.#questions += 1;
    try {
      return await this.#client.decisionOn(command);
    } catch (error) {
      if (error instanceof NoAnswerError) return undefined;
      throw error;
    } finally {
      this.#questions -= 1;
      if (this.#questions === 0) this.#cancelEnd = this.#clock.setTimer(() => void this.close(), idleMs);
    }
  }

  async close(): Promise<void> {
    this.#cancelEnd();
    const client = this.#client;
    this.#client = undefined;
    await client?.close();
  }
}
