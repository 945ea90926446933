import { alertRule } from "@downbeat/protocol";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import type { SaveAlertAnswer } from "../views.ts";
import { alertRuleView } from "./list-alerts.ts";

const mostRules = 200;
/** Whoever wants to hear of it never again deletes the rule. */
const longestSilenceMs = 366 * 86_400_000;

export const SaveAlert = z
  .object({
    /** Of the rule whose place it takes; absent for a new one. */
    ruleId: z.string().min(1).max(100).optional(),
    /** Which version of that one was seen: if somebody saved another meanwhile, nothing is changed. */
    version: z.number().int().min(1).optional(),
    rule: alertRule,
  })
  .refine(({ ruleId, version }) => (ruleId === undefined) === (version === undefined), {
    message: "say which version of the rule it takes the place of",
    path: ["version"],
  });

export async function saveAlert(
  context: Context,
  { ruleId: given, version = 0, rule }: z.infer<typeof SaveAlert>,
): Promise<SaveAlertAnswer> {
  const { alerts, alertChannels, actor, now, newId } = context;
  const known = await alerts.upToNow();
  const ruleId = given ?? newId();
  const before = known.of(ruleId)?.rule.channels ?? [];
  const here = new Set(alertChannels.all.map(({ name }) => name));
  const missing = rule.channels.find((channel) => !here.has(channel) && !before.includes(channel));
  if (missing !== undefined)
    throw new ApiError("badInput", `The server's configuration has no channel called ${missing}.`);
  if (new Set(rule.channels).size < rule.channels.length)
    throw new ApiError("badInput", "A channel is named twice.");
  checkSilence(rule.silencedUntil, now());
  if (given === undefined && known.rules.length >= mostRules)
    throw new ApiError("badInput", `There are ${mostRules} rules already: delete one that nobody needs.`);
  const changeId = newId();
  await alerts.append({ type: "ruleSaved", ruleId, by: actor, at: now(), replaces: version, changeId, rule });
  const saved = alerts.known.of(ruleId);
  if (alerts.known.isBy(ruleId, changeId) && saved !== undefined)
    return { outcome: "saved", ruleId, version: saved.version };
  return { outcome: "conflict", ...(saved !== undefined && { current: alertRuleView(context, saved) }) };
}

/** @throws ApiError when nobody could mean it */
function checkSilence(until: number | undefined, now: number): void {
  if (until === undefined) return;
  if (until > now + longestSilenceMs)
    throw new ApiError("badInput", "A rule is silenced for a year at most.");
}
