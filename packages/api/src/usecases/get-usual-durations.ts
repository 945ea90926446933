import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessOf } from "../freshness.ts";
import { time } from "../inputs.ts";
import type { UsualDurations } from "../views.ts";

/** @param until the week before it is looked at, with the rest of its day */
export const GetUsualDurations = z.object({ workflow: z.string().min(1).max(100), until: time });

export function getUsualDurations(
  context: Context,
  { workflow, until }: z.infer<typeof GetUsualDurations>,
): UsualDurations {
  const began = performance.now();
  const usual = context.readModel.usualDurations(workflow, until);
  return { ...usual, freshness: freshnessOf(context, began) };
}
