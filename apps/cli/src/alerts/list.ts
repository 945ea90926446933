import { durationWords } from "@downbeat/domain";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";

export function listAlertsCommand(): Command {
  return withApi(
    new Command("list").description("Every rule with its state, and the server's channels"),
  ).action(listAlerts);
}

async function listAlerts(options: ApiOptions): Promise<void> {
  const list = await ask(options, (api) => api.alerts.list.query());
  if (options.json) return printJson(list);
  const now = Date.now();
  const { rules, channels, watching } = list;
  if (rules.length === 0) printLine("There are no rules. downbeat alerts save makes one.");
  else
    printLine(
      table(
        ["RULE", "NAME", "STATE", "TELLS", "WHEN"],
        rules.map(({ ruleId, name, words, incident, silencedUntil, unknown, channels: told }) => [
          ruleId,
          name,
          [
            incident === undefined
              ? unknown === undefined
                ? "ok"
                : "unknown"
              : `wrong for ${durationWords(now - incident.openedAt)}`,
            ...(silencedUntil === undefined ? [] : ["silenced"]),
          ].join(", "),
          told.length === 0 ? "nobody" : told.join(" "),
          words,
        ]),
      ),
    );
  if (channels.length === 0)
    printLine("\nThe server has no channels: start it with --alert-channels <file> (docs/alerts.md).");
  else
    printLine(
      `\n${table(
        ["CHANNEL", "KIND", "TO"],
        channels.map(({ name, kind, to }) => [name, kind, to]),
      )}`,
    );
  if (watching.trouble !== undefined)
    printLine(`\nNobody looks, as far as this server knows: ${watching.trouble}`);
}
