import type { JobOptions } from "@downbeat/domain";
import { z } from "zod";
import { checkOptions } from "./check-options.ts";
import { durationMs, number, oneOf, shortText, wholeNumber } from "./fields.ts";

const error = "they are an object";

const retryPolicy = z.strictObject(
  {
    maxAttempts: wholeNumber(1, 1_000_000).optional(),
    initialIntervalMs: durationMs(0).optional(),
    coefficient: number(1, 100).optional(),
    maxIntervalMs: durationMs(0).optional(),
    jitter: number(0, 1).optional(),
    nonRetryable: z
      .array(shortText(200), { error: "it is a list of names of errors" })
      .max(100, { error: "it has at most 100 names" })
      .optional(),
  },
  { error },
);

export const jobOptions = z.strictObject(
  {
    retry: retryPolicy.optional(),
    whenExhausted: oneOf("stuck", "fail").optional(),
    scheduleToStartMs: durationMs(1).optional(),
    startToCloseMs: durationMs(1).optional(),
    heartbeatMs: durationMs(1).optional(),
  },
  { error },
);

/** Options that were checked before need it no second time: most jobs are asked for with those of their definition. */
const checked = new WeakSet<JobOptions>();

/**
 * The options as they are recorded: checked as a whole, and in whole milliseconds.
 *
 * @throws TypeError, RangeError as `checkOptions` says
 */
export function checkJobOptions(name: string, options: JobOptions): JobOptions {
  if (checked.has(options)) return options;
  const taken = Object.freeze(withoutUndefined(checkOptions(name, jobOptions, options))) as JobOptions;
  checked.add(taken);
  return taken;
}

/** An option given as `undefined` is not given. */
function withoutUndefined(value: object): object {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => [name, name === "retry" ? Object.freeze(withoutUndefined(part)) : part]),
  );
}
