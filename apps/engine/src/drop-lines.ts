import type { Logger } from "pino";

/** A partition that was in order for so long has a new trouble when it is given up. */
const overAfterMs = 120_000;

interface Series {
  readonly said: Set<string>;
  times: number;
  lastAt: number;
}

/** Partitions that are given up, in the log: each reason once, however often it is tried again, and once that it is over. */
export class DropLines {
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #series = new Map<number, Series>();

  constructor(logger: Logger, now: () => number = () => performance.now()) {
    this.#logger = logger;
    this.#now = now;
  }

  dropped(partition: number, reason: string): void {
    const now = this.#now();
    const known = this.#series.get(partition);
    const series = known !== undefined && now - known.lastAt < overAfterMs ? known : newSeries(now);
    this.#series.set(partition, series);
    series.times += 1;
    series.lastAt = now;
    const level = series.said.has(reason) ? "debug" : "warn";
    series.said.add(reason);
    this.#logger[level]({ partition, reason }, "gave the partition up and starts over");
  }

  owning(partition: number, epoch: number): void {
    const times = this.#series.get(partition)?.times ?? 0;
    this.#series.delete(partition);
    if (times > 1)
      this.#logger.warn(
        { partition, epoch, times },
        "owns the partition again, which was given up several times",
      );
    else this.#logger.info({ partition, epoch }, "owns the partition");
  }
}

function newSeries(lastAt: number): Series {
  return { said: new Set(), times: 0, lastAt };
}
