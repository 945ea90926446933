import { alertRule } from "@downbeat/protocol";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { jsonInput } from "../input/json-input.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { changedMeanwhile } from "./rule.ts";

export function saveAlertCommand(): Command {
  return withApi(
    new Command("save")
      .description("Save a rule from a JSON file; it replaces the rule of the same name")
      .argument("<file>", "name, condition and channels, as printed by alerts list --json"),
  ).action(saveAlert);
}

async function saveAlert(file: string, options: ApiOptions): Promise<void> {
  const parsed = alertRule.safeParse(JSON.parse((await jsonInput({ file })) ?? "null"));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CommandFailure("usage", `${file}: ${issue?.path.join(".") || "the whole"}: ${issue?.message}.`);
  }
  const rule = parsed.data;
  const answer = await ask(options, async (api) => {
    const named = (await api.alerts.list.query()).rules.filter(({ name }) => name === rule.name);
    if (named.length > 1)
      throw new CommandFailure("refused", `Several rules are called ${rule.name}: delete all but one.`);
    const [{ ruleId, version } = {}] = named;
    return api.alerts.save.mutate({ rule, ...(ruleId !== undefined && { ruleId, version }) });
  });
  if (answer.outcome === "conflict") throw new CommandFailure("refused", changedMeanwhile);
  if (options.json) return printJson(answer);
  printLine(`Saved as ${answer.ruleId}, version ${answer.version}.`);
}
