import type { Failure, Labels, RunEvent } from "@downbeat/domain";

export interface StoryEvent {
  readonly at: number;
  readonly inputId: string;
  readonly event: RunEvent;
}

/** A run of the fake: all that will happen to it, also what lies in the future. Who asks sees it up to now. */
export interface Story {
  readonly runId: string;
  readonly workflow: string;
  readonly labels: Labels;
  readonly events: StoryEvent[];
  /** What happens after a retry of the stuck job. */
  readonly afterRetry?: (story: Teller, jobId: string) => void;
}

type Try = { readonly ms: number; readonly failure?: Failure };

/** Writes a story: keeps the time and the numbers of jobs, waits and inputs. */
export class Teller {
  at: number;
  readonly events: StoryEvent[];
  private jobs = 0;
  private inputs = 0;
  private readonly prefix: string;

  constructor(prefix: string, at: number, events: StoryEvent[] = [], jobs = 0) {
    this.prefix = prefix;
    this.at = at;
    this.events = events;
    this.jobs = jobs;
    this.inputs = events.length;
  }

  /** All of one input happen at once, in one decision. */
  tell(...events: RunEvent[]): void {
    const inputId = `${this.prefix}:${++this.inputs}`;
    for (const event of events) this.events.push({ at: this.at, inputId, event });
  }

  schedule(jobType: string, input: unknown, compensationId?: string): string {
    const jobId = `j${++this.jobs}`;
    this.tell(
      {
        type: "JobScheduled",
        jobId,
        jobType,
        input: JSON.stringify(input),
        ...(compensationId === undefined ? {} : { compensationId }),
      },
      { type: "AttemptRequested", jobId, attempt: 1 },
    );
    return jobId;
  }

  /** Failed attempts with their back-off, then success, a refusal, or (with `stuck`) the end of attempts. */
  attempts(jobId: string, tries: readonly Try[], output: unknown, worker: string, first = 1): void {
    let waitMs = 1_000;
    tries.forEach(({ ms, failure }, index) => {
      const attempt = first + index;
      if (index > 0) {
        this.at += waitMs;
        waitMs *= 2;
        this.tell({ type: "AttemptRequested", jobId, attempt });
      }
      if (ms > 400) {
        this.at += 60;
        this.tell({ type: "AttemptStarted", jobId, attempt, worker, startedAt: this.at - 20 });
      }
      const startedAt = ms > 400 ? this.at - 20 : this.at + 4;
      this.at += ms;
      if (failure === undefined)
        this.tell({
          type: "JobCompleted",
          jobId,
          output: JSON.stringify(output),
          attempt,
          worker,
          startedAt,
        });
      else if (failure.kind === "business")
        this.tell({ type: "JobRejected", jobId, attempt, failure, worker, startedAt });
      else if (index === tries.length - 1)
        this.tell(
          { type: "AttemptFailed", jobId, attempt, failure, worker, startedAt },
          { type: "JobStuck", jobId, failure },
        );
      else
        this.tell({
          type: "AttemptFailed",
          jobId,
          attempt,
          failure,
          worker,
          startedAt,
          retryAt: this.at + waitMs,
        });
    });
  }
}
