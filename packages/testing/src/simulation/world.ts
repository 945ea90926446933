import type { Clock } from "@downbeat/engine";
import { Random } from "./random.ts";

/** Something that can crash and be paused. What it has scheduled dies or waits with it. */
export class SimulatedProcess {
  readonly name: string;
  alive = true;
  pausedUntil = 0;

  constructor(name: string) {
    this.name = name;
  }
}

interface Happening {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  readonly process: SimulatedProcess | undefined;
  cancelled: boolean;
}

/** Simulated time: happenings one at a time in order, each followed by everything that promises make of it. */
export class World {
  /** ms since the epoch; the only true time there is. */
  now = Date.UTC(2026, 9, 23, 12);
  readonly random: Random;
  readonly #heap: Happening[] = [];
  #order = 0;
  #ids = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** @returns cancels it */
  schedule(delayMs: number, run: () => void, process?: SimulatedProcess): () => void {
    const happening = {
      at: this.now + Math.max(0, delayMs),
      order: this.#order++,
      run,
      process,
      cancelled: false,
    };
    this.#push(happening);
    return () => {
      happening.cancelled = true;
    };
  }

  clock(process: SimulatedProcess): Clock {
    const offset = this.random.between(0, 1e9);
    return {
      monotonic: () => this.now - offset,
      setTimer: (ms, run) => this.schedule(ms, run, process),
      defer: (run) => void this.schedule(this.random.between(0, 2), run, process),
      random: () => this.random.next(),
      newId: () => `${process.name}-${++this.#ids}`,
    };
  }

  /** Lets time pass until the given time, or until `done` says so. */
  async run(until: number, done: () => boolean = () => false): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) {
      this.#pop();
      if (next.cancelled || next.process?.alive === false) continue;
      if (next.process !== undefined && next.process.pausedUntil > next.at) {
        this.#push({ ...next, at: next.process.pausedUntil });
        continue;
      }
      this.now = Math.max(this.now, next.at);
      next.run();
      await settled();
      if (done()) return;
    }
    this.now = Math.max(this.now, until);
  }

  #push(entry: Happening): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || before(above, entry)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      const right = heap[child + 1];
      if (left === undefined) break;
      if (right !== undefined && before(right, left)) child += 1;
      const smaller = heap[child];
      if (smaller === undefined || before(last, smaller)) break;
      heap[index] = smaller;
      index = child;
    }
    heap[index] = last;
  }
}

function before(a: Happening, b: Happening): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

// setImmediate comes after every microtask and every process.nextTick of the turn.
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
