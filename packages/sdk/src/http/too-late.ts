import { defaultStartToCloseMs } from "@downbeat/domain";
import { field } from "../thrown/careful.ts";
import type { HttpJob } from "./http-jobs.ts";

/** @throws RangeError where the job's own limit is known and would end every attempt before the service's time is up */
export function refuseTooLate(what: string, { job, timeoutMs }: HttpJob): void {
  if (job === undefined || timeoutMs === undefined) return;
  const startToCloseMs = field(field(job, "options"), "startToCloseMs") ?? defaultStartToCloseMs;
  if (typeof startToCloseMs !== "number" || timeoutMs < startToCloseMs) return;
  throw new RangeError(
    `The options of ${what} can't be taken. timeoutMs can't be ${timeoutMs}: the job's startToCloseMs is ${startToCloseMs}, which ends the attempt before.`,
  );
}
