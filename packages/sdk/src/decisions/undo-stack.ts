import type { JobOptions, Payload } from "@downbeat/domain";
import type { JobSchemas } from "./job-schemas.ts";

export interface Compensation {
  readonly compensationId: string;
  readonly jobType: string;
  readonly input: Payload;
  readonly options?: JobOptions;
}

interface Registered {
  readonly compensation: Compensation;
  readonly schemas: JobSchemas;
}

/** The registered compensations of a run: handed out in reverse order, one at a time, whatever becomes of each. */
export class UndoStack {
  readonly #registered: Registered[] = [];
  readonly #notUndone: string[] = [];
  #current: (Registered & { readonly jobId: string }) | undefined;

  register(compensation: Compensation, schemas: JobSchemas): void {
    this.#registered.push({ compensation, schemas });
  }

  /** Takes the next one to run as the job of the given id, or nothing when all have run. */
  take(jobId: string): Compensation | undefined {
    const next = this.#registered.pop();
    if (next !== undefined) this.#current = { jobId, ...next };
    return next?.compensation;
  }

  get isRunning(): boolean {
    return this.#current !== undefined;
  }

  runsAs(jobId: string): boolean {
    return this.#current?.jobId === jobId;
  }

  /** The one that runs as the job: its name, and what it takes and comes to where its author says. */
  running(jobId: string): { readonly jobType: string; readonly schemas: JobSchemas } | undefined {
    if (this.#current?.jobId !== jobId) return undefined;
    const { compensation, schemas } = this.#current;
    return { jobType: compensation.jobType, schemas };
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
