import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { momentWords } from "../output/words.ts";

export function savedInputsCommand(): Command {
  return withApi(
    new Command("saved")
      .description("List inputs saved on the dashboard, for runs start --saved")
      .argument("[workflow]", "only those of this workflow"),
  ).action(listSaved);
}

async function listSaved(workflow: string | undefined, options: ApiOptions): Promise<void> {
  const all = await ask(options, (api) => api.savedInputs.list.query());
  const inputs = all.inputs.filter((each) => workflow === undefined || each.workflow === workflow);
  if (options.json) return printJson({ inputs });
  if (inputs.length === 0)
    return printLine(`There are no saved inputs${workflow === undefined ? "" : ` of ${workflow}`}.`);
  printLine(
    table(
      ["NAME", "WORKFLOW", "FOR", "BYTES", "SAVED BY", "SAVED AT", "PERSONAL VALUES", "ID"],
      inputs.map(({ name, workflow, owner, bytes, savedBy, savedAt, hasMasked, id }) => [
        name,
        workflow,
        owner === undefined ? "everybody" : "you",
        String(bytes),
        savedBy,
        momentWords(savedAt),
        hasMasked === true ? "not kept" : "",
        id,
      ]),
    ),
  );
}
