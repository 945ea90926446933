import type { Failure } from "@downbeat/domain";
import type { Decision } from "@downbeat/protocol";

export interface StuckReason {
  readonly failure: Failure;
  /** Of a job that is stuck; absent where the code is. */
  readonly jobType?: string | undefined;
}

/** What keeps an open run from going on, folded from its history. */
export class Standing {
  /** Number of the last event that was taken. */
  #seq = 0;
  #code: Failure | undefined;
  readonly #stuckJobs = new Map<string, Failure>();
  readonly #jobTypes = new Map<string, string>();

  /** Takes the events of a decision, as far as they are new. */
  take({ seq, events }: Decision): void {
    for (const [index, event] of events.entries()) {
      if (seq + index <= this.#seq) continue;
      this.#seq = seq + index;
      if (event.type === "RunStuck") this.#code = event.failure;
      else if (event.type === "RunResumed" || event.type === "RunCancelRequested") this.#code = undefined;
      else if (event.type === "JobScheduled") this.#jobTypes.set(event.jobId, event.jobType);
      else if (event.type === "JobStuck") this.#stuckJobs.set(event.jobId, event.failure);
      else if ("jobId" in event) this.#stuckJobs.delete(event.jobId);
    }
  }

  /** Why it is stuck, if it is: its code first. */
  get stuck(): StuckReason | undefined {
    if (this.#code !== undefined) return { failure: this.#code };
    for (const [jobId, failure] of this.#stuckJobs) return { failure, jobType: this.#jobTypes.get(jobId) };
    return undefined;
  }
}
