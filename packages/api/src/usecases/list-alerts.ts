import type { SavedRule } from "../alerts/alert-fold.ts";
import { conditionWords } from "../alerts/words.ts";
import type { Context } from "../context.ts";
import { may } from "../permissions/policy.ts";
import type { AlertList, AlertRuleView } from "../views.ts";

export async function listAlerts(context: Context): Promise<AlertList> {
  const { alerts, alertChannels, alertWatching, role } = context;
  const known = await alerts.forLooking();
  const { is, trouble, lookedAt } = alertWatching();
  const rules = known.rules
    .map((saved) => alertRuleView(context, saved))
    .toSorted(
      (a, b) =>
        Number(b.incident !== undefined) - Number(a.incident !== undefined) || a.name.localeCompare(b.name),
    );
  return {
    rules,
    // Where they lead is for those who look after them: they are the server's, for all of its namespaces.
    channels: may(role, "setAlerts")
      ? alertChannels.all
      : alertChannels.all.map((channel) => ({ ...channel, to: "" })),
    watching: {
      is: rules.length === 0 && known.open.length === 0 ? "idle" : is,
      ...(trouble !== undefined && { trouble }),
      ...(lookedAt !== undefined && { lookedAt }),
    },
  };
}

export function alertRuleView(context: Context, saved: SavedRule): AlertRuleView {
  const { alerts, alertChannels, alertWatching, now } = context;
  const { ruleId, version, by, at, rule } = saved;
  const { name, condition, channels, silencedUntil = 0 } = rule;
  const incident = alerts.known.openOf(ruleId);
  const unknown = alertWatching().unknown.get(ruleId);
  return {
    ruleId,
    name,
    condition,
    words: conditionWords(condition),
    channels,
    missingChannels: channels.filter((channel) => !alertChannels.all.some(({ name }) => name === channel)),
    ...(silencedUntil > now() && { silencedUntil }),
    version,
    by,
    at,
    ...(incident !== undefined && { incident }),
    ...(unknown !== undefined && { unknown }),
  };
}
