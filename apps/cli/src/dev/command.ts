import { resolve } from "node:path";
import { namespacePart } from "@downbeat/protocol";
import { Command, Option } from "commander";
import { parsedBy, whole } from "../input/options.ts";
import { recordKeysOption } from "../keys/option.ts";
import { isNamed } from "../start/command.ts";
import { start } from "../start/start.ts";
import { ownCode } from "./own-code.ts";

export function devCommand(): Command {
  return new Command("dev")
    .description(
      "Run your workflows and jobs on this machine: engine with the embedded log, server, dashboard and a worker",
    )
    .option(
      "--workflows <file>",
      "module that exports `workflows`, an array; src/workflows.ts or .js if not given",
    )
    .option(
      "--jobs <file>",
      "module that exports `jobs`, handlers by name; src/jobs.ts or .js if not given; without it, jobs wait for workers of your own",
    )
    .option("--port <number>", "where the dashboard listens; 0 for a free one", whole(0, 65_535), 3000)
    .option(
      "--log-port <number>",
      "where the log is served to your own services; 8080, or a free one where that is taken",
      whole(1, 65_535),
      8080,
    )
    .option(
      "--no-log-token",
      "the log answers every process of this machine, and not only those that show its token",
    )
    .addOption(
      new Option("--tenant <name>", "tenant of the log's namespace; public unless said")
        .env("DOWNBEAT_TENANT")
        .argParser(parsedBy(namespacePart)),
    )
    .addOption(
      new Option("--namespace <name>", "namespace of the log; default unless said")
        .env("DOWNBEAT_NAMESPACE")
        .argParser(parsedBy(namespacePart)),
    )
    .addOption(
      recordKeysOption(
        "file of the keys by which the engine signs records of history, and the server checks them",
      ).argParser((file) => resolve(file)),
    )
    .option("--data-dir <path>", "where the log, its caches and the log files are kept", ".downbeat")
    .action(({ workflows, jobs, ...options }, command: Command) =>
      start({
        ...options,
        isLogPortNamed: isNamed(command, "logPort"),
        embedded: true,
        host: "127.0.0.1",
        engines: 1,
        hotWindow: "30d",
        role: "admin",
        follow: true,
        code: ownCode({ workflows, jobs }, process.cwd()),
      }),
    );
}
