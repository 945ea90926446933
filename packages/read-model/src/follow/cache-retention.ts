import type { Clock } from "@downbeat/message-log";
import type { Cache } from "../cache.ts";
import type { Projection } from "../write/projection.ts";
import { Retirement } from "../write/retirement.ts";
import { HotWindow } from "./hot-window.ts";

export interface CacheRetentionOptions {
  readonly clock: Clock;
  /** How long the events of a run stay after its end, ms. Not given: forever. */
  readonly hotWindowMs?: number | undefined;
  /** How long a run stays after its end, ms. Not given: forever. */
  readonly keepClosedMs?: number | undefined;
  /** How long it is known then that it was there, ms. */
  readonly keepIdsMs?: number | undefined;
  /** The one in use: it may be built again. */
  readonly cache: () => Cache;
  readonly projection: () => Projection;
  /** Writes what waits to be written. */
  readonly flush: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** Has events, and then whole runs, leave the cache some time after their ends. */
export class CacheRetention {
  readonly #o: CacheRetentionOptions;
  readonly #windows: HotWindow[] = [];
  #retirement: { readonly cache: Cache; readonly events: Retirement } | undefined;

  constructor(options: CacheRetentionOptions) {
    this.#o = options;
    const { clock, onFailure, hotWindowMs, keepClosedMs } = options;
    const open = (ms: number, next: (endedBefore: number) => boolean): void => {
      this.#windows.push(new HotWindow({ clock, ms, next, onFailure }));
    };
    if (hotWindowMs !== undefined) open(hotWindowMs, (endedBefore) => this.#events().next(endedBefore));
    if (keepClosedMs !== undefined) open(keepClosedMs, (endedBefore) => this.#removeRuns(endedBefore));
  }

  stop(): void {
    for (const window of this.#windows) window.stop();
  }

  #events(): Retirement {
    const cache = this.#o.cache();
    if (this.#retirement?.cache !== cache) this.#retirement = { cache, events: new Retirement(cache.db) };
    return this.#retirement.events;
  }

  #removeRuns(endedBefore: number): boolean {
    const { clock, keepIdsMs, flush, projection } = this.#o;
    flush();
    return projection().removal.next(endedBefore, keepIdsMs === undefined ? 0 : clock.now() - keepIdsMs);
  }
}
