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
      .description("Mute a cause, note something, link a ticket, or say that it is resolved: for all to see")
      .argument("<cause>", "as attention names it")
      .option(
        "--mute-until <moment>",
        "such as 4h, 2026-11-02 or 2026-11-02T09:00Z; never: not muted",
        momentAhead,
      )
      .option("--note <text>", "what is known, who is at it; empty takes it away")
      .option("--ticket <address>", "https://…; empty takes it away")
      .option("--resolved", "what it has stopped up to now is dealt with; it comes back when it recurs")
      .option("--no-resolved", "it is not resolved after all"),
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
