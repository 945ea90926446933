import { z } from "zod";
import type { Context } from "../context.ts";
import { askedRunId } from "../inputs.ts";
import type { RunLookup } from "../views.ts";

export const GetLookup = z.object({ runId: askedRunId });

/** How far the search for a run's events has come that have left the read model; `null` when none is under way. */
export function getLookup({ lookups }: Context, { runId }: z.infer<typeof GetLookup>): RunLookup | null {
  return lookups.progress(runId) ?? null;
}
