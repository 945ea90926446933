import { Command } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { changedMeanwhile, goalNamed } from "./goal.ts";

export function deleteGoalCommand(): Command {
  return withApi(
    new Command("delete").description("Delete a goal for everybody").argument("<goal>", "its name or id"),
  ).action(deleteGoal);
}

async function deleteGoal(text: string, options: ApiOptions): Promise<void> {
  const answer = await ask(options, async (api) => {
    const { id, version } = await goalNamed(api, text);
    return api.goals.delete.mutate({ id, version });
  });
  if (answer.outcome === "conflict") throw new CommandFailure("refused", changedMeanwhile);
  if (options.json) return printJson(answer);
  printLine("Deleted.");
}
