import { Worker } from "node:worker_threads";

/** Mutants may have the code under test take globals away from its process: kept from the beginning. */
const { hrtime } = process;
const nowMs = () => Number(hrtime.bigint() / 1_000_000n);

/** Longer than any test takes without a mutant. */
const longestRestMs = 300_000;

/**
 * Ends the process when a mutant takes far longer than its test does without it, or when nothing goes on after one: it counts as killed. A thread of
 * its own, as the mutant may hold the process's only one.
 */
export class Watchdog {
  /** The mutant's number, and when its time is up in milliseconds since the watchdog's start; 0 while nothing is watched. */
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  readonly #startedAt = nowMs();

  constructor(journal: string) {
    const worker = new Worker(code, {
      eval: true,
      workerData: { shared: this.#shared, startedAt: this.#startedAt, journal, pid: process.pid },
    });
    worker.unref();
  }

  watch(id: number, forMs: number): void {
    Atomics.store(this.#shared, 0, id);
    Atomics.store(this.#shared, 1, nowMs() - this.#startedAt + forMs);
  }

  /** No mutant is on. What the last one left behind may keep the process from ever going on. */
  rest(): void {
    if (Atomics.load(this.#shared, 1) === 0) return;
    Atomics.store(this.#shared, 1, nowMs() - this.#startedAt + longestRestMs);
  }
}

const code = `
const { appendFileSync } = require("node:fs");
const { workerData: { shared, startedAt, journal, pid } } = require("node:worker_threads");
setInterval(() => {
  const due = Atomics.load(shared, 1);
  if (due === 0 || Number(process.hrtime.bigint() / 1_000_000n) - startedAt < due) return;
  const entry = { what: "killed", id: Atomics.load(shared, 0), by: "time-out" };
  appendFileSync(journal, JSON.stringify(entry) + "\\n");
  process.kill(pid, "SIGKILL");
}, 100);
`;
