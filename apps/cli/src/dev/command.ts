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
      "Run your workflows and jobs on this machine, with an engine, the embedded log, a server, the dashboard and a worker",
    )
    .option(
      "--workflows <file>",
      "module that exports `workflows`, an array (default: src/workflows.ts or .js)",
    )
    .option(
      "--jobs <file>",
      "module that exports `jobs`, handlers by name (default: src/jobs.ts or .js); without it, jobs wait for your own workers",
    )
    .option("--port <number>", "port of the dashboard; 0 picks a free one", whole(0, 65_535), 3000)
    .option(
      "--log-port <number>",
      "port of the log, for your own services; if 8080 is taken, a free one",
      whole(1, 65_535),
      8080,
    )
    .option("--no-log-token", "let every process on this machine use the log, without a token")
    .addOption(
      new Option("--tenant <name>", "tenant of the log's namespace (default: public)")
        .env("DOWNBEAT_TENANT")
        .argParser(parsedBy(namespacePart)),
    )
    .addOption(
      new Option("--namespace <name>", "namespace of the log (default: default)")
        .env("DOWNBEAT_NAMESPACE")
        .argParser(parsedBy(namespacePart)),
    )
    .addOption(
      recordKeysOption(
        "file of the keys that the engine signs history records with, and the server checks them with",
      ).argParser((file) => resolve(file)),
    )
    .option("--data-dir <path>", "where to keep the log, its caches and the log files", ".downbeat")
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
