import type { Worker } from "node:worker_threads";
import type { AtWork } from "./at-work.ts";
import { type ThreadTime, timeOfThread } from "./thread-time.ts";

export interface Limits {
  /** Processor time of one step of workflow code, ms; a step that waits without the event loop is given as long. */
  readonly stepMs: number;
  /** What a thread may hold, in MB. */
  readonly memoryMb: number;
}

export type Excess = "time" | "memory";

/** How often a thread that has something to do is looked at. */
export const lookMs = 20;
/** Of a thread that goes on, so often. */
const memoryEveryMs = 2_000;

/**
 * Looks at a thread from outside. A machine that gives it no processor makes it slow, and is no reason to end it: only its own time counts, and time in which
 * it sleeps in the midst of a step.
 *
 * V8's own limit of memory is no help here: it ends the process where memory is asked for in large pieces (see the decision page). What a thread holds is asked
 * for while one step goes on, and the limit given to V8 is far above.
 */
export class StepWatch {
  readonly #worker: Worker;
  readonly #atWork: AtWork;
  readonly #limits: Limits;
  /** Of the thread, where the system keeps one. */
  readonly account: string | undefined;
  #steps = -1;
  #time: ThreadTime | undefined;
  #ms = 0;
  #bytes = 0;
  #isAsking = false;
  #askedAt = 0;

  constructor(worker: Worker, atWork: AtWork, limits: Limits, account: string | undefined) {
    this.#worker = worker;
    this.#atWork = atWork;
    this.#limits = limits;
    this.account = account;
  }

  /** The thread is at rest, or was until now. */
  rest(): void {
    this.#time = undefined;
    this.#ms = 0;
  }

  /** For how long the step that is going on has done so, ms. */
  get stepMs(): number {
    return this.#ms;
  }

  /** It waits in a call, and answers nobody. */
  get isAsleep(): boolean {
    return this.#time?.isAsleep === true;
  }

  /** @returns what of the limits is exceeded */
  look(): Excess | undefined {
    const { steps } = this.#atWork;
    const time = timeOfThread(this.#worker, this.account);
    const last = this.#time;
    this.#time = time;
    const isSame = last !== undefined && steps === this.#steps;
    this.#steps = steps;
    if (!isSame) this.#ms = 0;
    else if (time.isAsleep && last.isAsleep) this.#ms += lookMs;
    else this.#ms += Math.max(0, time.ownMs - last.ownMs);
    if (isSame || performance.now() - this.#askedAt > memoryEveryMs) this.#askMemory();
    if (this.#bytes > this.#limits.memoryMb * 1_048_576) return "memory";
    return this.#ms > this.#limits.stepMs ? "time" : undefined;
  }

  #askMemory(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#askedAt = performance.now();
    this.#memory().then(
      (bytes) => {
        this.#bytes = bytes;
        this.#isAsking = false;
      },
      // It has ended.
      () => {},
    );
  }

  async #memory(): Promise<number> {
    const heap = await this.#worker.getHeapStatistics();
    return heap.used_heap_size + heap.external_memory + heap.malloced_memory;
  }
}
