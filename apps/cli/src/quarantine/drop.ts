import { Command } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { conflict, findEntry } from "./entry.ts";

interface Options extends ApiOptions {
  readonly reason: string;
}

export function dropCommand(): Command {
  return withApi(
    new Command("drop")
      .description("Mark an entry as dealt with; it stays in the list, marked")
      .argument("<entry>", "its id in quarantine list")
      .requiredOption("--reason <text>", "the reason, shown to everybody with your name"),
  ).action(drop);
}

async function drop(id: string, options: Options): Promise<void> {
  const { reason } = options;
  const answer = await ask(options, async (api) => {
    const { entry, mark, dropRefusal } = await findEntry(api, id);
    if (dropRefusal !== undefined) throw new CommandFailure("refused", `Refused: ${dropRefusal}`);
    return api.quarantine.drop.mutate({ entry, version: mark?.version ?? 0, reason });
  });
  if (answer.outcome === "conflict") throw conflict(answer.mark.by);
  if (options.json) return printJson(answer);
  printLine(`Dropped ${id}.`);
}
