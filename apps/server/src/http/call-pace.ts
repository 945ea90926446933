interface Bucket {
  /** Calls that may be made at once. */
  readonly left: number;
  readonly at: number;
  /** When it was last said that somebody is held back. */
  readonly toldAt: number;
}

interface Pace {
  /** Calls a second, however long it goes on; 0: as many as anybody likes. */
  readonly perSecond: number;
  /** Calls at once, of who was quiet before. */
  readonly burst: number;
}

/** Those that asked longest ago give way. */
const mostKept = 20_000;
const tellEveryMs = 60_000;

/** How often each may call: a token bucket for everybody, filled again at a steady pace, so that whoever has a loop gone wild holds up nobody else. */
export class CallPace {
  readonly #pace: Pace;
  readonly #now: () => number;
  readonly #onHeldBack: (who: string) => void;
  readonly #buckets = new Map<string, Bucket>();

  /**
   * @param now ms, of any beginning
   * @param onHeldBack told of each once a minute at most
   */
  constructor(pace: Pace, now: () => number, onHeldBack: (who: string) => void = () => {}) {
    this.#pace = pace;
    this.#now = now;
    this.#onHeldBack = onHeldBack;
  }

  /**
   * Takes the calls, or none of them.
   *
   * @param calls more than may be made at once count as so many
   * @returns ms until they may be made; 0 where they are taken
   */
  take(who: string, calls: number): number {
    const { perSecond, burst } = this.#pace;
    if (perSecond === 0) return 0;
    const now = this.#now();
    const known = this.#buckets.get(who);
    const left =
      known === undefined
        ? burst
        : Math.min(burst, known.left + (Math.max(0, now - known.at) / 1_000) * perSecond);
    const wanted = Math.min(calls, burst);
    const isTaken = left >= wanted;
    this.#buckets.delete(who);
    const before = known?.toldAt ?? Number.NEGATIVE_INFINITY;
    const isToTell = !isTaken && now - before >= tellEveryMs;
    this.#buckets.set(who, {
      left: isTaken ? left - wanted : left,
      at: now,
      toldAt: isToTell ? now : before,
    });
    this.#forgetOldest();
    if (isToTell) this.#onHeldBack(who);
    return isTaken ? 0 : Math.ceil(((wanted - left) / perSecond) * 1_000);
  }

  #forgetOldest(): void {
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= mostKept) return;
      this.#buckets.delete(oldest);
    }
  }
}
