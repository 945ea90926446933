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
  return withFile(command.option("--all", "the whole list instead of a page, written in --format", false));
}

/** What a list takes that can be written as a file. */
export function withFile(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--format <format>",
        "format of the whole list: csv for a spreadsheet, json as one document, ndjson with one line each",
      ).choices(formats),
    )
    .option(
      "--out <file>",
      "write the whole list to this file, which must not exist; otherwise to standard output",
    );
}

/** The format in which all is asked for; `undefined` where a page is. @throws CommandFailure */
export function exportFormat(options: ExportOptions): ExportFormat | undefined {
  const { all, format, out, json, cursor } = options;
  if (!all && format === undefined && out === undefined) return undefined;
  if (cursor !== undefined)
    throw new CommandFailure("usage", "--cursor names a page: give it without --all, --format and --out.");
  return format ?? (json ? "json" : "ndjson");
}
