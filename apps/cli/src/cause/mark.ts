import { Command } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { momentAhead } from "../input/moment.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { markLines, standingWords } from "./words.ts";

interface Options extends ApiOptions {
  readonly muteUntil?: number | "never";
  readonly note?: string;
  readonly ticket?: string;
  readonly resolved?: boolean;
}

export function markCauseCommand(): Command {
  return withApi(
    new Command("mark")
      .description("Mute a cause, add a note, link a ticket or resolve it, for everybody")
      .argument("<cause>", "its name in attention")
      .option(
        "--mute-until <moment>",
        "such as 4h, 2026-11-02 or 2026-11-02T09:00Z; never: unmute",
        momentAhead,
      )
      .option("--note <text>", "what is known, and who is working on it; empty removes it")
      .option("--ticket <address>", "https://…; empty removes it")
      .option("--resolved", "everything it has stopped so far is dealt with; it reopens when it recurs")
      .option("--no-resolved", "undo that"),
  ).action(markCause);
}

async function markCause(fingerprint: string, options: Options): Promise<void> {
  const { muteUntil, note, ticket, resolved, json } = options;
  if ([muteUntil, note, ticket, resolved].every((part) => part === undefined))
    throw new CommandFailure(
      "usage",
      "Say something of it: --mute-until, --note, --ticket, --resolved or --no-resolved.",
    );
  const answer = await ask(options, async (api) => {
    const { causes } = await api.attention.marked.query();
    const version = causes.find(({ mark }) => mark.fingerprint === fingerprint)?.mark.version ?? 0;
    const said = {
      fingerprint,
      ...(muteUntil !== undefined && { mutedUntil: muteUntil === "never" ? null : muteUntil }),
      ...(note !== undefined && { note: note === "" ? null : note }),
      ...(ticket !== undefined && { ticket: ticket === "" ? null : ticket }),
      ...(resolved !== undefined && { resolved }),
    };
    return api.attention.mark.mutate({ ...said, version });
  });
  if (answer.outcome === "conflict")
    throw new CommandFailure(
      "refused",
      `Somebody has just said something of it; nothing of yours was saved.\n${markLines(answer.mark).join("\n")}`,
    );
  if (json) return printJson(answer.mark);
  const { mutedUntil, resolvedAt } = answer.mark;
  const words = [
    ...(mutedUntil === undefined ? [] : [standingWords("muted", answer.mark)]),
    ...(resolvedAt === undefined ? [] : [standingWords("resolved", answer.mark)]),
  ];
  printLine([...words, ...markLines(answer.mark)].join("\n"));
}
