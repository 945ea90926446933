import type { Clock as EngineClock } from "@downbeat/engine";
import { type Clock, MinHeap } from "@downbeat/message-log";

interface Timer {
  readonly dueAt: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled: boolean;
}

function before(a: Timer, b: Timer): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);
}

/** Time that stands still until it is moved. All of an environment goes by it: the log, the engine, the worker, the client. */
export class SimulatedTime {
  #now: number;
  #order = 0;
  #ids = 0;
  readonly #timers = new MinHeap<Timer>(before);
  /** Those for whose sake time is moved. The others look after something, and are called when time has passed them. */
  readonly #wakers = new MinHeap<Timer>(before);

  constructor(now: number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  /** When something is due for whose sake time is to be moved. */
  get nextWaking(): number | undefined {
    for (let next = this.#wakers.peek(); next !== undefined; next = this.#wakers.peek()) {
      if (!next.isCancelled) return next.dueAt;
      this.#wakers.pop();
    }
    return undefined;
  }

  /** When any timer is due. */
  get nextTimer(): number | undefined {
    for (let next = this.#timers.peek(); next !== undefined; next = this.#timers.peek()) {
      if (!next.isCancelled) return next.dueAt;
      this.#timers.pop();
    }
    return undefined;
  }

  moveTo(moment: number): void {
    this.#now = Math.max(this.#now, moment);
  }

  /** Calls what is due first, if anything is by now. */
  callDue(): boolean {
    const due = this.nextTimer;
    if (due === undefined || due > this.#now) return false;
    while (this.nextTimer === due) {
      const timer = this.#timers.pop();
      if (timer === undefined) break;
      timer.isCancelled = true;
      timer.run();
    }
    return true;
  }

  /** @returns cancels it */
  schedule(delayMs: number, run: () => void, { wakes = false } = {}): () => void {
    const dueAt = this.#now + Math.ceil(Math.max(0, delayMs));
    const timer: Timer = { dueAt, order: this.#order++, run, isCancelled: false };
    this.#timers.push(timer);
    if (wakes) this.#wakers.push(timer);
    return () => {
      timer.isCancelled = true;
    };
  }

  /** For log, worker and client. */
  readonly clock: Clock = {
    now: () => this.#now,
    monotonic: () => this.#now,
    setTimer: (run, ms) => this.schedule(ms, run),
  };

  engineClock(defer: (run: () => void) => void): EngineClock {
    return {
      monotonic: () => this.#now,
      setTimer: (ms, run) => this.schedule(ms, run),
      defer,
      random: () => 0.5,
      newId: () => `id-${++this.#ids}`,
    };
  }
}
