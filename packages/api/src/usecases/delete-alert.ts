import { z } from "zod";
import type { Context } from "../context.ts";
import type { AlertRuleView } from "../views.ts";
import { alertRuleView } from "./list-alerts.ts";

export const DeleteAlert = z.object({
  ruleId: z.string().min(1).max(100),
  /** That was seen: if somebody saved another meanwhile, nothing is deleted. */
  version: z.number().int().min(1),
});

export async function deleteAlert(
  context: Context,
  { ruleId, version }: z.infer<typeof DeleteAlert>,
): Promise<{ readonly outcome: "deleted" | "conflict"; readonly current?: AlertRuleView }> {
  const { alerts, actor, now, newId } = context;
  await alerts.append({
    type: "ruleDeleted",
    ruleId,
    by: actor,
    at: now(),
    replaces: version,
    changeId: newId(),
  });
  const saved = alerts.known.of(ruleId);
  // Gone is gone, whoever was quicker.
  if (saved === undefined) return { outcome: "deleted" };
  return { outcome: "conflict", current: alertRuleView(context, saved) };
}
