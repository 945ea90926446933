import type { Clock } from "./clock.ts";
import { LogTime } from "./log-time.ts";

/** The partition's time: the log's, and never before what is recorded. */
export class PartitionTime {
  readonly #log: LogTime;
  readonly #recorded: () => number;
  #latest = 0;

  /** @param recorded time of the newest record that counts */
  constructor(clock: Clock, recorded: () => number) {
    this.#log = new LogTime(clock);
    this.#recorded = recorded;
  }

  observe(publishTime: number): void {
    this.#log.observe(publishTime);
  }

  /** ms since the epoch */
  now(): number {
    this.#latest = Math.max(this.#latest, this.#recorded(), this.#log.now() ?? 0);
    return this.#latest;
  }
}
