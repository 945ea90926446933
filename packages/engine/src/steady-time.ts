const dayMs = 86_400_000;

/**
 * Time for what is lost for good where a clock is wrong. It goes on no faster than time passes: what is said to be later is believed after it has been so for a
 * day. Where nothing is known to begin with, that is a day as well.
 */
export class SteadyTime {
  readonly #monotonic: () => number;
  /** What was believed last, and when. */
  #believed: { readonly time: number; readonly at: number };
  #aheadSince: number | undefined;

  /**
   * @param known a time that was told before, ms since the epoch
   * @param monotonic ms that only ever grow
   */
  constructor(known: number | undefined, monotonic = () => performance.now()) {
    this.#monotonic = monotonic;
    this.#believed = { time: known ?? Number.NEGATIVE_INFINITY, at: monotonic() };
  }

  /**
   * @param said what clocks say, ms since the epoch
   * @returns what may be relied on
   */
  at(said: number): number {
    const at = this.#monotonic();
    const time = this.#believed.time + (at - this.#believed.at);
    if (said > time) {
      this.#aheadSince ??= at;
      if (at - this.#aheadSince < dayMs) return time;
    }
    this.#aheadSince = undefined;
    this.#believed = { time: said, at };
    return said;
  }
}
