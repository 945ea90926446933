import type { OnProblem } from "../problem-listener.ts";

const everyMs = 500;
const noticedMs = 2_000;
const mostNames = 5;

/** Says when the event loop stood still: then no heartbeat goes out, no time-out is kept, and no other attempt goes on. */
export class LoopWatch {
  readonly #onProblem: OnProblem;
  readonly #atWork: () => readonly string[];
  /** Attempts that were at work since the last look: the one that blocked is over by now. */
  #suspects = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #lookedAt = performance.now();

  constructor(onProblem: OnProblem, atWork: () => readonly string[]) {
    this.#onProblem = onProblem;
    this.#atWork = atWork;
    this.#arm();
  }

  begun(name: string): void {
    this.#suspects.add(name);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(): void {
    this.#lookedAt = performance.now();
    this.#timer = setTimeout(() => this.#look(), everyMs);
    this.#timer.unref();
  }

  #look(): void {
    const stoodStill = Math.round(performance.now() - this.#lookedAt - everyMs);
    if (stoodStill >= noticedMs) this.#onProblem(this.#sentence(stoodStill));
    this.#suspects = new Set(this.#atWork());
    this.#arm();
  }

  #sentence(stoodStill: number): string {
    const names = [...this.#suspects].slice(0, mostNames);
    const more = this.#suspects.size - names.length;
    const atWork =
      names.length === 0 ? "no attempt" : names.join(", ") + (more > 0 ? ` and ${more} more` : "");
    return `The event loop of this worker stood still for ${stoodStill} ms: no heartbeats were sent and no time-outs kept. At work was ${atWork}. Handlers that compute for long belong into a thread or process of their own.`;
  }
}
