import type { Clock } from "@downbeat/message-log";
import { pause } from "../inbox/pause.ts";
import { PayloadError } from "../payload.ts";
import { asError } from "../thrown/as-error.ts";
import { within } from "../within.ts";
import { PayloadUnreadableError } from "./payloads.ts";

const firstPauseMs = 500;
const longestPauseMs = 15_000;
/** One that does not answer is asked anew. */
const longestTryMs = 30_000;

/** Goes on asking a codec that is away: what was done is not to be done again for want of a key service. */
export class Insistence {
  readonly #clock: Clock;
  readonly #onAway: (reason: Error) => void;
  #isAway = false;

  /** @param onAway told once, until something succeeds again */
  constructor(clock: Clock, onAway: (reason: Error) => void) {
    this.#clock = clock;
    this.#onAway = onAway;
  }

  /**
   * What it gives in the end.
   *
   * @param stop nobody needs it any longer
   * @throws PayloadError or PayloadUnreadableError where it will be no different the next time; why the codec failed last, when it is stopped
   */
  async on<T>(done: () => Promise<T>, stop: AbortSignal): Promise<T> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const tried = await this.#try(done, stop);
      if ("value" in tried) return tried.value;
      if (stop.aborted) throw tried.error;
      if (!this.#isAway) this.#onAway(tried.error);
      this.#isAway = true;
      // What ends the pause early ends the trying.
      await pause(this.#clock, pauseMs, stop).catch(() => {});
      if (stop.aborted) throw tried.error;
    }
  }

  async #try<T>(
    done: () => Promise<T>,
    stop: AbortSignal,
  ): Promise<{ readonly value: T } | { readonly error: Error }> {
    const trying = done();
    if (!(await within(this.#clock, longestTryMs, trying, stop)))
      return { error: new Error("The codec has not answered.") };
    try {
      const value = await trying;
      this.#isAway = false;
      return { value };
    } catch (error) {
      if (error instanceof PayloadError || error instanceof PayloadUnreadableError) throw error;
      return { error: asError(error) };
    }
  }
}
