import { RunCancelledError } from "../errors.ts";
import type { CodeLog } from "../logging/code-log.ts";
import { ended } from "../thrown/ended.ts";
import type { WaitingFor } from "./waits.ts";

type WaitingForJob = Extract<WaitingFor, { kind: "job" }>;

interface Failed {
  readonly jobId: string;
  readonly of: WaitingForJob;
  readonly error: Error;
}

const mostKept = 100;

/** Jobs that failed while nothing in the code had looked at them. It may look later: what counts is how it stands when the code ends. */
export class UnseenFailures {
  readonly #failed: Failed[] = [];

  /** @returns the error */
  noted(jobId: string, of: WaitingForJob, error: Error): Error {
    const isSeen = of.promise?.isLookedAt !== false || error instanceof RunCancelledError;
    if (!isSeen && this.#failed.length < mostKept) this.#failed.push({ jobId, of, error });
    return error;
  }

  /** The code has ended. */
  report(log: CodeLog): void {
    for (const { jobId, of, error } of this.#failed.splice(0)) {
      const { jobType, promise } = of;
      if (promise?.isLookedAt !== false) continue;
      const message = `The job ${jobType} (${jobId}) failed, and the code never looked at it: ${ended(error.message)} Await it, or catch its error.`;
      log.say("warn", { jobId, jobType }, message);
    }
  }
}
