import { Worker } from "node:worker_threads";

/**
 * Ends the process when a mutant takes far longer than its test does without it: it counts as killed. A thread of its own,
 * as the mutant may hold the process's only one.
 */
export class Watchdog {
  /** The mutant's number, and when its time is up in milliseconds since the watchdog's start; 0 while nothing is watched. */
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  readonly #startedAt = Date.now();

  constructor(journal: string) {
    const worker = new Worker(code, {
      eval: true,
      workerData: { shared: this.#shared, startedAt: this.#startedAt, journal, pid: process.pid },
    });
    worker.unref();
  }

  watch(id: number, forMs: number): void {
    Atomics.store(this.#shared, 0, id);
    Atomics.store(this.#shared, 1, Date.now() - this.#startedAt + forMs);
  }

  rest(): void {
    Atomics.store(this.#shared, 1, 0);
  }
}

const code = `
const { appendFileSync } = require("node:fs");
const { workerData: { shared, startedAt, journal, pid } } = require("node:worker_threads");
setInterval(() => {
  const due = Atomics.load(shared, 1);
  if (due === 0 || Date.now() - startedAt < due) return;
  const entry = { what: "killed", id: Atomics.load(shared, 0), by: "time-out" };
  appendFileSync(journal, JSON.stringify(entry) + "\\n");
  process.kill(pid, "SIGKILL");
}, 100);
`;
