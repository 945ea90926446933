import { type Command, Option } from "commander";
import { CommandFailure } from "../failure.ts";
import type { ApiOptions } from "../input/options.ts";

const formats = ["csv", "json", "ndjson"] as const;
export type ExportFormat = (typeof formats)[number];

export interface ExportOptions extends ApiOptions {
  readonly all: boolean;
  readonly format?: ExportFormat;
  readonly out?: string;
  /** Of lists that go on page by page. */
  readonly cursor?: string;
}

/** What every list takes that can be had whole. */
export function withExport(command: Command): Command {
  return withFile(
    command.option("--all", "all of the list instead of a page, written as --format says", false),
  );
}

/** What a list takes that can be written as a file. */
export function withFile(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--format <format>",
        "all of the list: csv for a spreadsheet, json as one document, ndjson with a line for each",
      ).choices(formats),
    )
    .option("--out <file>", "write all of it to this file, which must not exist; else to standard output");
}

/** The format in which all is asked for; `undefined` where a page is. @throws CommandFailure */
export function exportFormat(options: ExportOptions): ExportFormat | undefined {
  const { all, format, out, json, cursor } = options;
  if (!all && format === undefined && out === undefined) return undefined;
  if (cursor !== undefined)
    throw new CommandFailure("usage", "--cursor names a page: give it without --all, --format and --out.");
  return format ?? (json ? "json" : "ndjson");
}
