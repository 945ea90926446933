import { type Failure, type RunEvent, wakesCode } from "@downbeat/domain";
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
  /** Jobs that are not stuck, timers and waits, each of which may bring the code to go on. */
  readonly #underWay = new Set<string>();
  /** Code that lives in workers is told of what happened, and answers later. */
  #isAsked = false;
  #lastNews = 0;
  #isOver = false;

  /** Takes the events of a decision, as far as they are new. */
  take({ seq, events }: Decision): void {
    for (const [index, event] of events.entries()) {
      if (seq + index <= this.#seq) continue;
      this.#seq = seq + index;
      this.#take(event);
    }
  }

  /** Why it can't go on without a person, if it can't: its code first. A job that is stuck is no reason as long as something else may have the code go on. */
  get stuck(): StuckReason | undefined {
    if (this.#isOver) return undefined;
    if (this.#code !== undefined) return { failure: this.#code };
    if (this.#underWay.size > 0 || this.#lastNews > 0) return undefined;
    for (const [jobId, failure] of this.#stuckJobs) return { failure, jobType: this.#jobTypes.get(jobId) };
    return undefined;
  }

  #take(event: RunEvent): void {
    if (this.#isAsked && wakesCode(event)) this.#lastNews = this.#seq;
    switch (event.type) {
      case "RunStarted":
        this.#isAsked = event.codeIn === "workers";
        if (this.#isAsked) this.#lastNews = this.#seq;
        return;
      case "RunCompleted":
      case "RunFailed":
      case "RunCancelled":
      case "RunTerminated":
        this.#isOver = true;
        return;
      case "CodeAnswered":
        if (event.left !== undefined) this.#lastNews = this.#seq;
        else if (this.#lastNews <= event.upTo) this.#lastNews = 0;
        return;
      case "CodeGivenUp":
        this.#isAsked = false;
        this.#lastNews = 0;
        return;
      case "RunStuck":
        this.#code = event.failure;
        return;
      case "RunResumed":
      case "RunCancelRequested":
        this.#code = undefined;
        return;
      case "JobScheduled":
        this.#jobTypes.set(event.jobId, event.jobType);
        this.#underWay.add(event.jobId);
        return;
      case "JobStuck":
        this.#underWay.delete(event.jobId);
        this.#stuckJobs.set(event.jobId, event.failure);
        return;
      case "JobRetried":
        this.#stuckJobs.delete(event.jobId);
        this.#underWay.add(event.jobId);
        return;
      case "JobCompleted":
      case "JobRejected":
      case "JobFailed":
      case "JobCancelled":
      case "JobAbandoned":
        this.#stuckJobs.delete(event.jobId);
        this.#underWay.delete(event.jobId);
        return;
      case "TimerSet":
        this.#underWay.add(timer(event));
        return;
      case "TimerFired":
      case "TimerCancelled":
        this.#underWay.delete(timer(event));
        return;
      case "SignalAwaited":
        this.#underWay.add(event.waitId);
        return;
      case "SignalDelivered":
      case "SignalWaitEnded":
      case "SignalWaitAbandoned":
        this.#underWay.delete(event.waitId);
        return;
    }
  }
}

/** The time-out of a wait has its name. */
function timer({ timerId }: { readonly timerId: string }): string {
  return `timer ${timerId}`;
}
