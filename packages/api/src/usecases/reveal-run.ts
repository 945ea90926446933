import { z } from "zod";
import { requireRun } from "../commands/existing-run.ts";
import type { Context } from "../context.ts";
import { askedRunId } from "../inputs.ts";
import type { Reveal } from "../views.ts";

export const RevealRun = z.object({
  runId: askedRunId,
  reason: z.string().trim().min(1, "say why: it is kept in the audit").max(1_000),
});

/** Whoever asks sees the run's values as they are for ten minutes, in this session. */
export function revealRun(context: Context, { runId }: z.infer<typeof RevealRun>): Reveal {
  requireRun(context, runId);
  return { runId, until: context.reveals.open(context, runId) };
}

export const HideRun = z.object({ runId: askedRunId });

/** Before the time is over. */
export function hideRun(context: Context, { runId }: z.infer<typeof HideRun>): { readonly hidden: true } {
  context.reveals.end(context, runId);
  return { hidden: true };
}
