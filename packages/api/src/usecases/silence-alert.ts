import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { time } from "../inputs.ts";
import type { SaveAlertAnswer } from "../views.ts";
import { saveAlert } from "./save-alert.ts";

export const SilenceAlert = z.object({
  ruleId: z.string().min(1).max(100),
  version: z.number().int().min(1),
  /** Nobody is told before; `null`: people are told again. */
  until: time.nullable(),
});

export async function silenceAlert(
  context: Context,
  { ruleId, version, until }: z.infer<typeof SilenceAlert>,
): Promise<SaveAlertAnswer> {
  const { alerts, now } = context;
  const saved = (await alerts.upToNow()).of(ruleId);
  if (saved === undefined) throw new ApiError("notFound", "The rule was deleted.");
  if (until !== null && until <= now())
    throw new ApiError("badInput", "A rule is silenced until a moment that is to come.");
  const { silencedUntil: _, ...rule } = saved.rule;
  return saveAlert(context, {
    ruleId,
    version,
    rule: until === null ? rule : { ...rule, silencedUntil: until },
  });
}
