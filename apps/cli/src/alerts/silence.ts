import { Command } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { momentAhead } from "../input/moment.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { changedMeanwhile, ruleNamed } from "./rule.ts";

export function silenceAlertCommand(): Command {
  return withApi(
    new Command("silence")
      .description("Notify nobody of a rule until a given time; its incidents are still recorded")
      .argument("<rule>", "its name or id")
      .argument("<until>", "such as 4h, 2026-11-02 or 2026-11-02T09:00Z; never: notify again", momentAhead),
  ).action(silenceAlert);
}

async function silenceAlert(text: string, until: number | "never", options: ApiOptions): Promise<void> {
  const answer = await ask(options, async (api) => {
    const { ruleId, version } = await ruleNamed(api, text);
    return api.alerts.silence.mutate({ ruleId, version, until: until === "never" ? null : until });
  });
  if (answer.outcome === "conflict") throw new CommandFailure("refused", changedMeanwhile);
  if (options.json) return printJson(answer);
  printLine(
    until === "never" ? "People are notified again." : `Silenced until ${new Date(until).toISOString()}.`,
  );
}
