import type { AnalyticsId } from "@downbeat/analytics";
import { longestDurationMs, nestingProblem, payloadProblem, utf8Length } from "@downbeat/domain";
import { givenLabels, labelClauses, localId, longestQuery, mostLabelClauses, name } from "@downbeat/protocol";
import { shownStatuses, timerKinds } from "@downbeat/read-model";
import type { FacetName } from "@downbeat/read-model/views";
import { parseZone } from "@downbeat/read-model/zone";
import { z } from "zod";

/** Looser than what a run may be called: asking for something that can't exist is "not found", not an error of form. */
export const askedRunId = z.string().min(1).max(200);
export { localId, name };
/** What every object has under this name would take its place unseen. */
export const labels = z
  .custom<Record<string, string>>(
    (value) => typeof value !== "object" || value === null || !Object.hasOwn(value, "__proto__"),
    "a label can't be named __proto__",
  )
  .pipe(givenLabels);
const shownStatus = z.enum(shownStatuses);
export const time = z.number().int().min(0).max(8_640_000_000_000_000);
export const seq = z.number().int().min(0);
export const limit = (most: number, byDefault: number) =>
  z.number().int().min(1).max(most).default(byDefault);
export const cursor = z
  .string()
  .max(2_000)
  .nullish()
  .transform((value) => value ?? undefined);

export const timeZone = z
  .string()
  .refine((name) => parseZone(name) !== undefined, "not a time zone that this server knows");

/** Chosen by the client, so that sending a request again is the same action. */
export const actionId = z.string().min(1).max(100);
export const reason = z.string().trim().min(1, "say why: it is kept in the run's history").max(1000);

/** Where a number stands: `input.price.cents`, `label.amount`. */
export const amountPath = z
  .string()
  .max(300)
  .regex(
    /^(?:(?:input|output|run)(?:\..*)?|label\..*)$/s,
    "such as input.price.cents, output.amount, run.total or label.amount",
  );

/** ms */
export const duration = z.number().int().min(1).max(longestDurationMs);

/** The job's newest attempt, as whoever asks has seen it: with another one, nothing is done. */
export const seenAttempt = z.number().int().min(1).optional();

/** One of `timers.list`. What kind it was is said, and of a job which attempt, so that nothing is done to what has come in its place since. */
export const whichTimer = z.object({
  runId: askedRunId,
  kind: z.enum(timerKinds),
  id: localId,
  attempt: seenAttempt,
  reason,
  actionId: actionId.optional(),
});

export const payload = z.string().superRefine((text, context) => {
  const refuse = (message: string): void => context.addIssue({ code: "custom", message });
  const tooLarge = (json: string): string | undefined => {
    const problem = payloadProblem("it", json);
    return problem === undefined ? undefined : `${problem} Put big values elsewhere and a reference here`;
  };
  const problem = tooLarge(text) ?? nestingProblem("it", text);
  if (problem !== undefined) return refuse(problem);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`not JSON: ${(error as Error).message}`);
  }
  // Whoever passes it on writes it again: 1e20 becomes three times as long.
  const rewritten = tooLarge(JSON.stringify(value));
  if (rewritten !== undefined) refuse(`written out, ${rewritten}`);
});

export const analyticsId = z.enum(["readModel", "pulsarSql"] as const satisfies AnalyticsId[]);
export const querySql = z
  .string()
  .superRefine((text, context) => {
    const bytes = utf8Length(text);
    if (bytes <= longestQuery) return;
    context.addIssue({ code: "custom", message: `it is ${bytes} bytes; the limit is ${longestQuery}` });
  })
  .refine((text) => text.trim() !== "", "there is no statement in it");

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Zod gives an absent field as `undefined` where our types leave it out. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}

/** Which runs of all. */
export const runFilter = z
  .object({
    status: z.array(shownStatus).min(1).max(10).optional(),
    workflow: z.string().max(100).optional(),
    labels: z
      .record(z.string().max(60), z.string().max(200))
      .refine((labels) => Object.keys(labels).length <= 5, "at most 5 labels")
      .optional(),
    where: labelClauses(mostLabelClauses).optional(),
    text: z.string().max(200).optional(),
    content: z.string().min(1).max(200).optional(),
    from: time.optional(),
    to: time.optional(),
    by: z.enum(["started", "ended"]).optional(),
    facets: z
      .array(
        z
          .object({
            by: z.enum(["workflow", "version", "error"] as const satisfies FacetName[]),
            values: z.array(z.string().max(500)).min(1).max(20).readonly(),
            not: z.boolean().optional(),
          })
          .transform(defined),
      )
      .max(10)
      .readonly()
      .optional(),
    took: z
      .object({ from: z.number().min(0).optional(), to: z.number().min(0).optional() })
      .transform(defined)
      .optional(),
    missed: z.number().int().min(0).optional(),
  })
  .refine(({ content, from }) => content === undefined || from !== undefined, {
    path: ["content"],
    message: "say since when (from): inputs, outputs and errors are searched run by run",
  })
  .transform(defined);

/** Of a cause, as `attention.list` names it. */
export const fingerprint = z.string().min(1).max(500);
