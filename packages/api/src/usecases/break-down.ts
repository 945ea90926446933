import { ColdError } from "@downbeat/cold-history";
import { mostLabelClauses } from "@downbeat/protocol";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { freshnessOf } from "../freshness.ts";
import { amountPath, limit, runFilter, timeZone } from "../inputs.ts";
import { mayKnowAmount } from "../permissions/amounts.ts";
import type { BreakDown } from "../views.ts";

/** The others are found by what they are not, in as many conditions. */
const mostGroups = 8;
const minuteMs = 60_000;

export const BreakDownInput = z.object({
  filter: runFilter
    .refine(
      (filter) => filter.from !== undefined && filter.to !== undefined && filter.to > filter.from,
      "say from when to when (`from`, `to`)",
    )
    // Each run of the period would have to be looked into.
    .refine(({ content }) => content === undefined, {
      path: ["content"],
      message: "what is found in inputs, outputs and errors can't be summed up; narrow the runs by labels",
    }),
  by: z
    .discriminatedUnion("by", [
      z.object({ by: z.enum(["workflow", "version", "error"]) }),
      z.object({ by: z.literal("label"), key: z.string().min(1).max(60) }),
    ])
    .optional(),
  number: amountPath
    .refine(
      (path) => !/^input(?:\.|$)/s.test(path),
      "what a run is given is `run.`, such as run.seats; `input.` is what an undo is given, which no run has",
    )
    .optional(),
  top: limit(mostGroups, mostGroups),
  bucketMs: z.number().int().min(60_000).max(31_536_000_000).optional(),
  timeZone: timeZone.optional(),
});

/**
 * Takes a while where runs are many: each of them is looked at.
 *
 * @throws ApiError for one who asks for what is in payloads and may not see them, and where too many others wait for such an answer
 */
export async function breakDown(
  context: Context,
  { filter, ...input }: z.infer<typeof BreakDownInput>,
): Promise<BreakDown> {
  const { sharedBreakDowns, masking, signal = new AbortController().signal } = context;
  mayKnowAmount(context, input.number);
  // Figures are of whole buckets, which begin and end with minutes: those of one minute ask the same.
  const from = Math.floor((filter.from ?? 0) / minuteMs) * minuteMs;
  const to = Math.ceil((filter.to ?? 0) / minuteMs) * minuteMs;
  const query = { ...input, top: topBeside(input, filter), filter: { ...filter, from, to } };
  const made = await sharedBreakDowns.of(JSON.stringify(query), signal, (until) =>
    make(context, query, until),
  );
  const { by } = input;
  if (
    by?.by === "label" &&
    made.groups.some(({ value = "" }) => value !== "" && masking.masksLabel(by.key, value))
  )
    throw new ApiError("forbidden", `What is masked stands in the label ${by.key}: break down by another.`);
  return made;
}

/** A group by label adds conditions to those of the filter, and no list of runs is asked for more than so many. */
function topBeside(
  { by, top }: Pick<z.infer<typeof BreakDownInput>, "by" | "top">,
  { where = [] }: z.infer<typeof runFilter>,
): number {
  return by?.by === "label" ? Math.min(top, mostLabelClauses - where.length) : top;
}

type BreakDownQuery = Parameters<Context["readModel"]["breakDown"]>[0];

async function make(context: Context, query: BreakDownQuery, signal: AbortSignal): Promise<BreakDown> {
  const { readModel, breakDowns } = context;
  let giveBack: () => void;
  try {
    giveBack = await breakDowns.take(signal);
  } catch (error) {
    if (error instanceof ColdError) throw new ApiError("unavailable", error.message, { cause: error });
    throw error;
  }
  const began = performance.now();
  try {
    const found = await readModel.breakDown(query, signal);
    return { ...found, freshness: freshnessOf(context, began) };
  } finally {
    giveBack();
  }
}
