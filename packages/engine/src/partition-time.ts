import { longestLeadMs } from "@downbeat/domain";
import type { Clock } from "./clock.ts";
import { LogTime, type Stray } from "./log-time.ts";

export interface PartitionTimeOptions {
  readonly clock: Clock;
  readonly onStray: (what: Stray | "behind", byMs: number) => void;
}

/**
 * The partition's time: the log's, and never before what is recorded. What is recorded may be ahead of the log's clock, if that was ahead itself when
 * it was recorded; time goes on from there all the same, a little slower than the clock, until both are one.
 */
export class PartitionTime {
  readonly #clock: Clock;
  readonly #log: LogTime;
  readonly #onStray: PartitionTimeOptions["onStray"];
  #latest = 0;
  #latestAt: number;
  #isBehind = false;
  #standstill = { endedAt: Number.NEGATIVE_INFINITY, ms: 0 };

  constructor({ clock, onStray }: PartitionTimeOptions) {
    this.#clock = clock;
    this.#log = new LogTime(clock, onStray);
    this.#onStray = onStray;
    this.#latestAt = clock.monotonic();
  }

  /** @param sentAt `monotonic()` before an own message was sent; absent for another's */
  observe(publishTime: number, sentAt?: number): void {
    this.#log.observe(publishTime, sentAt);
  }

  /**
   * Another owner's record was read that has just been appended: so late it is, whatever was thought here. Unless nobody asked for the time here for a while:
   * then this process may have stood still, and reads the record late by as much.
   */
  told(at: number): void {
    this.#log.told(at);
    const ahead = this.#goOn() - at;
    if (ahead < 0 || ahead > this.#standstillMs) this.#latest = at;
  }

  /**
   * @param recorded time of the newest record that counts
   * @returns ms since the epoch
   */
  now(recorded: number): number {
    const log = this.#log.now() ?? 0;
    // A record that is further ahead would not be believed.
    const furthest = log > 0 ? Math.max(log, recorded) + longestLeadMs : Number.POSITIVE_INFINITY;
    this.#latest = Math.max(log, Math.min(this.#goOn(), furthest), recorded);
    this.#tell(this.#latest - log, log > 0);
    return Math.floor(this.#latest);
  }

  /** The latest time, as it went on since it was asked for. */
  #goOn(): number {
    // Rule 22: where what is recorded is ahead, time that stood still would freeze timers for hours.
    const monotonic = this.#clock.monotonic();
    const passed = Math.max(0, monotonic - this.#latestAt);
    if (passed > noticedMs) this.#standstill = { endedAt: monotonic, ms: passed };
    this.#latest += passed * paceAhead;
    this.#latestAt = monotonic;
    return this.#latest;
  }

  /** For how long this process may have stood still until just now. */
  get #standstillMs(): number {
    const { endedAt, ms } = this.#standstill;
    return this.#clock.monotonic() - endedAt < wakingMs ? Math.min(ms, longestStandstillMs) : 0;
  }

  #tell(ahead: number, isKnown: boolean): void {
    if (isKnown && !this.#isBehind && ahead > muchMs) {
      this.#isBehind = true;
      this.#onStray("behind", ahead);
    } else if (ahead <= 0) this.#isBehind = false;
  }
}

/** How fast time goes on while what is recorded is ahead of the log's clock: two hours are made up for in 17 days, and an hour lasts 18 seconds more. */
const paceAhead = 0.995;
const muchMs = 10_000;
const noticedMs = 500;
/** What came meanwhile is read by then. */
const wakingMs = 1_000;
const longestStandstillMs = 10_000;
