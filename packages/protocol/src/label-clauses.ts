import { labelTests, measureOf } from "@downbeat/domain";
import { z } from "zod";
import { longestLabelName, longestLabelValue } from "./text-limits.ts";

const labelCondition = z
  .object({
    key: z.string().min(1).max(longestLabelName),
    test: z.enum(labelTests),
    value: z.string().max(longestLabelValue).exactOptional(),
    not: z.boolean().exactOptional(),
  })
  .superRefine(({ test, value }, context) => {
    const refuse = (message: string): void => context.addIssue({ code: "custom", message });
    if (test === "exists") return value === undefined ? undefined : refuse("exists takes no value");
    if (value === undefined) return refuse("say what it is compared with");
    if (test !== "is" && measureOf(value) === undefined)
      refuse("compare with a number such as 100, or a time such as 2026-11-02 or 2026-11-02T09:00Z");
  });

/** So many conditions a list of runs can be asked for, each of which has to hold. */
export const mostLabelClauses = 10;

/** Of a panel of a board, and of figures that are broken down: groups are found by conditions of their own beside these. */
export const mostPanelClauses = 5;

/** Conditions on labels, all of which have to hold; of each, one of several. */
export function labelClauses(most: number) {
  return z
    .array(z.array(labelCondition).min(1).max(20).readonly())
    .max(most, `at most ${most} conditions that all have to hold`)
    .refine((all) => all.flat().length <= 4 * most, `at most ${4 * most} conditions in all`)
    .readonly();
}
