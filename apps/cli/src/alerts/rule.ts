import type { AlertRuleView } from "@downbeat/api/views";
import type { Api } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";

/** By its id or its name. */
export async function ruleNamed(api: Api, text: string): Promise<AlertRuleView> {
  const { rules } = await api.alerts.list.query();
  const byId = rules.find(({ ruleId }) => ruleId === text);
  if (byId !== undefined) return byId;
  const named = rules.filter(({ name }) => name === text);
  const [only] = named;
  if (named.length > 1)
    throw new CommandFailure(
      "usage",
      `Several rules are called ${text}: say which by its id, ${named.map(({ ruleId }) => ruleId).join(" or ")}.`,
    );
  if (only === undefined) throw new CommandFailure("notFound", `There is no rule ${text}.`);
  return only;
}

/** What is said when somebody else was quicker. */
export const changedMeanwhile =
  "Somebody has just changed the rule; nothing of yours was saved. Look at it again.";
