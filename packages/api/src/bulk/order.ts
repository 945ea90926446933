import { utf8Length } from "@downbeat/domain";
import { z } from "zod";
import { askedRunId, localId, payload, reason, runFilter, time } from "../inputs.ts";
import type { Permission } from "../permissions/policy.ts";
import type { BulkVerb } from "../views.ts";

/** More targets are not acted on at once. */
export const mostTargets = 100_000;
/** Chosen by hand. */
const mostItems = 1_000;
const mostItemBytes = 90_000;

/** Who may do it once may do it in bulk. */
export const permissionOf = {
  retryJob: "steerJobs",
  cancelJob: "steerJobs",
  completeJob: "steerJobs",
  resumeRun: "repairRuns",
  repairRun: "repairRuns",
  cancelRun: "endRuns",
  terminateRun: "endRuns",
  sendSignal: "sendSignals",
  runAgain: "startRuns",
} as const satisfies Record<BulkVerb, Permission>;

export function isOfJobs(verb: BulkVerb): boolean {
  return verb === "retryJob" || verb === "cancelJob" || verb === "completeJob";
}

export const bulkVerb = z.enum(Object.keys(permissionOf) as [BulkVerb, ...BulkVerb[]]);

const item = z.object({ runId: askedRunId, jobId: localId.optional() });

/** What is meant: things chosen by hand, all of one cause, stuck jobs of a kind, or the runs of a filter. */
export const bulkSelection = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("items"),
    items: z
      .array(item)
      .min(1)
      .max(
        mostItems,
        `choose at most ${mostItems.toLocaleString("en")} by hand; a cause or a filter takes more`,
      )
      .refine(
        (items) => utf8Length(JSON.stringify(items)) <= mostItemBytes,
        "their ids are too long together",
      ),
  }),
  z.object({ type: z.literal("cause"), fingerprint: z.string().min(1).max(200) }),
  z.object({
    type: z.literal("stuckJobs"),
    jobType: z.string().max(100).optional(),
    workflow: z.string().max(100).optional(),
  }),
  z.object({
    type: z.literal("runs"),
    filter: runFilter.refine(({ content }) => content === undefined, {
      path: ["content"],
      message: "what is found in inputs, outputs and errors can't be acted on as a whole; choose the runs",
    }),
  }),
]);

const details = z.object({
  verb: bulkVerb,
  selection: bulkSelection,
  reason,
  /** What is acted on, in words, for those who read of it later. */
  about: z.string().trim().max(200).default(""),
  /** The result that each job is given, of `completeJob`. */
  output: payload.optional(),
  /** What each run is sent, of `sendSignal`. */
  signal: z.object({ name: z.string().min(1).max(200), payload: payload.default("null") }).optional(),
  /** So many first; the others follow when their outcomes are known and not more than `mostFailed` of them (0 to 1) failed. */
  canary: z
    .object({ size: z.number().int().min(1).max(100), mostFailed: z.number().min(0).max(1) })
    .optional(),
  /** At most so many targets a minute. */
  perMinute: z.number().int().min(1).max(100_000).optional(),
  /** Not before, ms since the epoch. */
  startAt: time.optional(),
});

export const bulkOrder = details.superRefine(({ verb, output, signal, selection }, context) => {
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  if (verb === "completeJob" && output === undefined) refuse("output", "say what the jobs' result is");
  if (isOfJobs(verb) && selection.type === "runs")
    refuse("selection", "jobs are chosen by hand, by their cause, or by their type and workflow");
  if (!isOfJobs(verb) && selection.type === "stuckJobs")
    refuse("selection", "runs are chosen by hand, by their cause, or by a filter");
  if (verb === "sendSignal" && signal === undefined) refuse("signal", "say which signal is sent");
});

export type BulkOrder = z.infer<typeof bulkOrder>;

/** What the run of a bulk action begins with. */
export const bulkInput = z.object({
  order: bulkOrder,
  /** What came to be one of the targets after this moment is none, ms since the epoch. */
  asOf: time,
  /** By which another person approved it: it acts on what was fixed then. */
  request: z.string().min(1).max(100).optional(),
  /** One person may act on so many, and what matches when they are listed may be more. Absent where nobody counts, and from older servers. */
  atMost: z.number().int().min(0).optional(),
});

export type BulkInput = z.infer<typeof bulkInput>;

/** Run, and where a job is acted on, which. */
const bulkTarget = z.tuple([z.string()]).or(z.tuple([z.string(), z.string()]));
export type BulkTarget = z.infer<typeof bulkTarget>;

export const targetPage = z.object({ targets: z.array(bulkTarget), cursor: z.string().optional() });
export type TargetPage = z.infer<typeof targetPage>;

export const listInput = bulkInput.extend({ after: z.string().optional() });
export type ListInput = z.infer<typeof listInput>;

/** Some of the targets, from number `from` on. */
export const partInput = z.object({
  order: details.pick({ verb: true, reason: true, output: true, signal: true }),
  from: z.number().int().min(0),
  targets: z.array(bulkTarget),
  /** How long outcomes are waited for, ms. */
  waitMs: z.number().int().min(0),
});
export type PartInput = z.infer<typeof partInput>;

/** A letter for each target of the part: see `letters`. */
export const partOutput = z.object({ outcomes: z.string() });
export type PartOutput = z.infer<typeof partOutput>;

/** Each once, in the order in which they were listed: several jobs of one run are one target where the run is meant. */
export function uniqueTargets(pages: readonly TargetPage[]): BulkTarget[] {
  const all = pages.flatMap(({ targets }) => targets);
  return [...new Map(all.map((target) => [keyOf(target), target])).values()];
}

export function keyOf(target: BulkTarget): string {
  return target.join(" ");
}
