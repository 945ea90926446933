import type { GoalView } from "@downbeat/api/views";
import type { Api } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";

/** By its id or its name. */
export async function goalNamed(api: Api, text: string): Promise<GoalView> {
  const { goals } = await api.goals.list.query();
  const found = goals.find(({ id }) => id === text) ?? goals.find(({ goal }) => goal.name === text);
  if (found === undefined) throw new CommandFailure("notFound", `There is no goal ${text}.`);
  return found;
}

/** What is said when somebody else was quicker. */
export const changedMeanwhile =
  "Somebody has just changed the goal; nothing of yours was saved. Look at it again.";
