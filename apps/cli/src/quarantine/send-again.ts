import { Command } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { readText } from "../input/read-text.ts";
import { printJson, printLine } from "../output/print.ts";
import { conflict, findEntry } from "./entry.ts";
import { markWords } from "./words.ts";

interface Options extends ApiOptions {
  readonly reason?: string;
  readonly textFile?: string;
  readonly print: boolean;
  readonly dryRun: boolean;
}

export function sendAgainCommand(): Command {
  return withApi(
    new Command("send-again")
      .description("Send a command that could not be read again, as yours, edited if needed")
      .argument("<entry>", "its id in quarantine list")
      .option("--reason <text>", "the reason, shown to everybody with your name")
      .option("--text-file <path>", "the edited command; - reads standard input")
      .option("--print", "print the original text to edit, and send nothing", false)
      .option("--dry-run", "show what would be sent, and send nothing", false),
  ).action(sendAgain);
}

async function sendAgain(id: string, options: Options): Promise<void> {
  const { reason, textFile, print, dryRun } = options;
  if (!print && !dryRun && reason === undefined)
    throw new CommandFailure("usage", "Say why with --reason, or look first with --dry-run.");
  const text = textFile === undefined ? undefined : await readText(textFile);
  const sent = text === undefined ? {} : { text };
  await ask(options, async (api) => {
    const found = await findEntry(api, id);
    const { entry, mark, sendAgainRefusal } = found;
    if (sendAgainRefusal !== undefined) throw new CommandFailure("refused", `Refused: ${sendAgainRefusal}`);
    if (print) return printLine(found.text ?? "");
    if (dryRun || reason === undefined) {
      const preview = await api.quarantine.previewResend.query({ entry, ...sent });
      if (options.json) return printJson(preview);
      if (preview.problem !== undefined) throw new CommandFailure("refused", `Refused: ${preview.problem}`);
      const of = preview.runId === undefined ? "with a new run id" : `of ${preview.runId}`;
      return printLine(`${preview.command} ${of} would be sent.`);
    }
    const answer = await api.quarantine.resend.mutate({
      entry,
      version: mark?.version ?? 0,
      reason,
      ...sent,
    });
    if (answer.outcome === "conflict") throw conflict(answer.mark.by);
    if (options.json) printJson(answer);
    const outcome = answer.mark.did === "sentAgain" ? answer.mark.sent.outcome : undefined;
    if (outcome?.type === "refused") throw new CommandFailure("refused", `Refused: ${outcome.message}`);
    if (!options.json) printLine(`${id}: ${markWords(answer.mark)}.`);
  });
}
