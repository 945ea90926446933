import { z } from "zod";
import * as f from "./fields.ts";
import { parseJson } from "./parse-json.ts";
import { sharedChange } from "./shared-change.ts";

export const longestGoalName = 100;
/** Parts of a percent in which a goal is given. */
export const goalPercentUnits = 1_000;
/** So many labels a list of runs can be asked for. */
const mostLabels = 5;

/** What share of the runs that end is to be good. */
export const goalDefinition = z.object({
  name: z.string().trim().min(1, "give it a name").max(longestGoalName),
  /** Runs of this one alone; absent: of all. */
  workflow: f.name.exactOptional(),
  /** Runs with all of these values. */
  labels: f.labels
    .refine((labels) => Object.keys(labels).length <= mostLabels, `at most ${mostLabels} labels`)
    .exactOptional(),
  /** So many of a hundred runs, to a thousandth. 100 would leave no run that may fail. */
  percent: z
    .number()
    .min(1, "1 % at least")
    .max(99.999, "99.999 % at most: a goal of 100 % has no budget")
    .refine(
      (percent) => Math.round(percent * goalPercentUnits) / goalPercentUnits === percent,
      "to a thousandth of a percent at most",
    ),
  /** A run that takes longer is not good, though it completes; ms. Absent: however long. */
  withinMs: f.lasted
    .min(1)
    .max(366 * 86_400_000, "366 days at most")
    .exactOptional(),
  /** Runs that were cancelled or terminated are not good. Absent: they don't count. */
  countsCancelled: z.literal(true).exactOptional(),
  /** Of runs that ended in the last so many days of 24 hours. */
  days: z.number().int().min(1, "a day at least").max(90, "90 days at most"),
});

export type GoalDefinition = z.infer<typeof goalDefinition>;

const basics = {
  id: z.string().min(1).max(100),
  ...sharedChange,
};

/** What somebody wants to be reached. A later message of the same id takes its place. */
const goalMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("saved"), ...basics, goal: goalDefinition }),
  z.object({ type: z.literal("deleted"), ...basics }),
]);

export type GoalMessage = z.infer<typeof goalMessage>;

export function encodeGoalMessage(message: GoalMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** `undefined` for bytes that are no such message. */
export function parseGoalMessage(bytes: Uint8Array): GoalMessage | undefined {
  return parseJson(goalMessage, bytes);
}
