import { plural } from "@downbeat/domain";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/words.ts";
import { markLines, standingWords } from "./words.ts";

export function showCauseCommand(): Command {
  return withApi(
    new Command("show")
      .description("Show since when, which workflows, builds and labels, and what people noted")
      .argument("<cause>", "its name in attention"),
  ).action(showCause);
}

async function showCause(fingerprint: string, options: ApiOptions): Promise<void> {
  const { group, marked, scope } = await ask(options, async (api) => {
    const [{ groups }, { causes }, scope] = await Promise.all([
      api.attention.list.query({ limit: 1 }),
      api.attention.marked.query(),
      api.attention.cause.query({ fingerprint }),
    ]);
    return {
      group: groups.find((each) => each.fingerprint === fingerprint),
      marked: causes.find(({ mark }) => mark.fingerprint === fingerprint),
      scope,
    };
  });
  if (group === undefined && marked === undefined)
    throw new CommandFailure("notFound", `Nothing falls under a cause ${fingerprint}.`);
  if (options.json) return printJson({ ...marked, ...group, scope });
  const now = Date.now();
  if (group === undefined) printLine(`${marked?.mark.about.title}: nothing falls under it now.`);
  else {
    const { jobType, workflow, kind, message, count, runs, firstSeen, lastSeen } = group;
    printLine(`${jobType ?? workflow ?? kind}: ${message}`);
    printLine(
      `${plural(count, "item")} in ${plural(runs, "run")}, first seen ${ago(firstSeen, now)}, last seen ${ago(lastSeen, now)}.`,
    );
  }
  if (marked !== undefined) {
    const words = standingWords(marked.standing, marked.mark);
    printLine(["", ...(words === "" ? [] : [words]), ...markLines(marked.mark)].join("\n"));
  }
  const { workflows, labels } = scope;
  const rows = [
    ...workflows.map(({ workflow, build, runs }) => [
      "workflow",
      [workflow, build].filter(Boolean).join(" "),
      runs,
    ]),
    ...labels.flatMap(({ key, top }) => top.map(({ value, runs }) => [key, value, runs])),
  ];
  if (rows.length > 0)
    printLine(
      `\n${table(
        ["WHAT", "VALUE", "RUNS"],
        rows.map((row) => row.map(String)),
      )}`,
    );
}
