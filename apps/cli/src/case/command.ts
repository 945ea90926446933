import type { CaseMatches } from "@downbeat/api/views";
import { Command, Option } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago, freshnessNote, labelWords } from "../output/words.ts";

const languages = ["en", "de"] as const;
const audiences = ["colleague", "customer"] as const;

interface Options extends ApiOptions {
  readonly language?: (typeof languages)[number];
  readonly for: (typeof audiences)[number];
  readonly timeZone: string;
}

export function caseCommand(): Command {
  const own = new Intl.DateTimeFormat().resolvedOptions();
  return withApi(
    new Command("case")
      .description("Tell what happened to an order, in plain sentences to pass on")
      .argument("<text>", "an order number, the value of any other label, or a run id")
      .addOption(
        new Option("--language <language>", "language of the sentences; by default the machine's").choices(
          languages,
        ),
      )
      .addOption(
        new Option("--for <whom>", "who reads it: a customer sees no names, errors or data")
          .choices(audiences)
          .default("colleague"),
      )
      .option("--time-zone <name>", "time zone, such as Europe/Berlin", own.timeZone),
  ).action((text: string, options: Options) => tell(text, options, own.locale));
}

async function tell(text: string, options: Options, ownLocale: string): Promise<void> {
  const language = options.language ?? (ownLocale.startsWith("de") ? "de" : "en");
  const told = await ask(options, async (api) => {
    const found = await api.cases.find.query({ text });
    const [only] = found.isExact ? found.runs : [];
    if (found.runs.length > 0 && (only === undefined || found.runs.length > 1))
      throw severalCalledSo(text, found);
    if (found.runs.length === 0 && found.keysLeftOut)
      printNote(`${notAllLabels} It is looked for by its id.`);
    const { for: audience, timeZone } = options;
    // Not listed, it may still be found by its id: a run that ended long ago.
    return api.cases.get.query({ runId: only?.runId ?? text, language, audience, timeZone });
  });
  if (options.json) return printJson(told);
  printLine(told.text);
  const note = freshnessNote(told.freshness);
  if (note !== undefined) printNote(note);
}

const notAllLabels = "There are too many different labels to look at all of them.";

function severalCalledSo(text: string, { runs, isExact, keysLeftOut }: CaseMatches): CommandFailure {
  const now = Date.now();
  const rows = runs.map((run) => [
    run.runId,
    run.workflow,
    run.shown,
    ago(run.startedAt, now),
    labelWords(run.labels),
  ]);
  const notAll = keysLeftOut ? ` ${notAllLabels}` : "";
  const head = isExact
    ? `Several cases are called ${text}.`
    : `No case is called ${text}; these begin so.${notAll}`;
  return new CommandFailure(
    "notFound",
    `${head} Give the id of one:\n${table(["RUN", "WORKFLOW", "STATUS", "STARTED", "LABELS"], rows)}`,
  );
}
