import { ManualClock } from "@downbeat/message-log/testing";
import type { Clock } from "../src/index.ts";

/** The engine's clock in a test's hands. What is deferred waits for `turn`. */
export class EngineClock implements Clock {
  readonly manual = new ManualClock(0);
  #deferred: (() => void)[] = [];
  #ids = 0;

  monotonic(): number {
    return this.manual.now();
  }

  setTimer(ms: number, run: () => void): () => void {
    return this.manual.setTimer(run, ms);
  }

  defer(run: () => void): void {
    this.#deferred.push(run);
  }

  random(): number {
    return 0.5;
  }

  newId(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }

  /** Runs what is deferred, and lets it settle. */
  async turn(): Promise<void> {
    const due = this.#deferred;
    this.#deferred = [];
    for (const run of due) run();
    await this.manual.advance(0);
  }
}
