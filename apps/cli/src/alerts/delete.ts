import { Command } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { changedMeanwhile, ruleNamed } from "./rule.ts";

export function deleteAlertCommand(): Command {
  return withApi(
    new Command("delete")
      .description("Delete a rule. Its open incidents are reported as resolved")
      .argument("<rule>", "its name or id"),
  ).action(deleteAlert);
}

async function deleteAlert(text: string, options: ApiOptions): Promise<void> {
  const answer = await ask(options, async (api) => {
    const { ruleId, version } = await ruleNamed(api, text);
    return api.alerts.delete.mutate({ ruleId, version });
  });
  if (answer.outcome === "conflict") throw new CommandFailure("refused", changedMeanwhile);
  if (options.json) return printJson(answer);
  printLine("Deleted.");
}
