import type { JobOptions, Payload } from "@downbeat/domain";

export interface Compensation {
  readonly compensationId: string;
  readonly jobType: string;
  readonly input: Payload;
  readonly options?: JobOptions;
}

/** The registered compensations of a run: handed out in reverse order, one at a time, whatever becomes of each. */
export class UndoStack {
  readonly #registered: Compensation[] = [];
  readonly #notUndone: string[] = [];
  #current: { readonly jobId: string; readonly compensation: Compensation } | undefined;

  register(compensation: Compensation): void {
    this.#registered.push(compensation);
  }

  /** Takes the next one to run as the job of the given id, or nothing when all have run. */
  take(jobId: string): Compensation | undefined {
    const compensation = this.#registered.pop();
    if (compensation !== undefined) this.#current = { jobId, compensation };
    return compensation;
  }

  get isRunning(): boolean {
    return this.#current !== undefined;
  }

  runsAs(jobId: string): boolean {
    return this.#current?.jobId === jobId;
  }

  /** @param problem why it was not undone; absent when it was */
  finish(problem?: string): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    if (problem !== undefined)
      this.#notUndone.push(`${current.compensation.jobType} (${current.jobId}): ${problem}`);
  }

  /** A sentence about what could not be undone; `undefined` when everything was. */
  get problems(): string | undefined {
    return this.#notUndone.length === 0 ? undefined : `Not undone: ${this.#notUndone.join("; ")}`;
  }
}
