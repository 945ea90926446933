import type { EventOf } from "@downbeat/domain";
import type { z } from "zod";
import { JobCancelledError, JobFailedError, RunCancelledError } from "../errors.ts";
import { businessError, failure } from "../failure.ts";
import { failureValue } from "../failure-value.ts";
import { decodePayload } from "../payload.ts";
import type { Checked } from "../schema-check.ts";
import type { RecentResults } from "./recent-results.ts";
import type { Situation } from "./situation.ts";
import type { UndoStack } from "./undo-stack.ts";
import type { UnseenFailures } from "./unseen-failures.ts";
import type { Waits } from "./waits.ts";

interface Given {
  readonly situation: Situation;
  readonly waits: Waits;
  readonly results: RecentResults;
  readonly undo: UndoStack;
  readonly unseen: UnseenFailures;
  /** The schemas are the author's. */
  readonly check: (schema: z.ZodType, value: unknown) => Checked<unknown>;
}

/** What the code, or the undoing, is told when a job ends. */
export class JobEnds {
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  completed({ jobId, output }: EventOf<"JobCompleted">): void {
    const { situation, waits, results, undo } = this.#given;
    if (undo.runsAs(jobId)) return undo.finish();
    const checked = this.check(jobId, "output", decodePayload(output));
    const waiting = waits.take(jobId);
    if (waiting?.kind !== "job") return;
    if (!checked.ok) return situation.refuseRecorded(failure("invalid", "InvalidOutput", checked.problem));
    results.add(jobId, checked.value);
    waiting.resolve(checked.value);
  }

  rejected({ jobId, failure: reason }: EventOf<"JobRejected">): void {
    this.#end(jobId, reason.message, () => businessError(reason));
  }

  failed({ jobId, failure: reason }: EventOf<"JobFailed">): void {
    this.#end(jobId, reason.message, (jobType) => new JobFailedError(jobType, jobId, failureValue(reason)));
  }

  cancelled({ jobId, action }: EventOf<"JobCancelled">): void {
    this.#end(jobId, "cancelled", (jobType) =>
      this.#given.situation.closing === undefined
        ? new JobCancelledError(jobType, jobId, action?.reason)
        : new RunCancelledError(`${jobType} (${jobId}) was cancelled with its run.`),
    );
  }

  check(jobId: string, part: "input" | "output", value: unknown): Checked<unknown> {
    const { waits, undo, check } = this.#given;
    const waiting = waits.get(jobId);
    const job = waiting?.kind === "job" ? waiting : undo.running(jobId);
    const schema = part === "input" ? job?.schemas.inputSchema : job?.schemas.outputSchema;
    if (job === undefined || schema === undefined) return { ok: true, value };
    const checked = check(schema, value);
    if (checked.ok) return checked;
    const what = `The ${part} of ${job.jobType} (${jobId})`;
    return { ok: false, problem: `${what} does not fit its schema.\n${checked.problem}` };
  }

  #end(jobId: string, problem: string, error: (jobType: string) => Error): void {
    const { waits, undo, unseen } = this.#given;
    if (undo.runsAs(jobId)) return undo.finish(problem);
    const waiting = waits.take(jobId);
    if (waiting?.kind !== "job") return;
    waiting.reject(unseen.noted(jobId, waiting, error(waiting.jobType)));
  }
}
