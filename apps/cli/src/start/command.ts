import { resolve } from "node:path";
import { roles } from "@downbeat/api/policy";
import { durationText, keepDuration, namespaceList, namespacePart } from "@downbeat/protocol";
import { Command, Option } from "commander";
import { withSignIn } from "../cluster/sign-in.ts";
import { namedCode } from "../dev/own-code.ts";
import { number, parsedBy, whole } from "../input/options.ts";
import { recordKeysOption } from "../keys/option.ts";
import { start } from "./start.ts";

export function startCommand(): Command {
  const command = new Command("start")
    .description("Run everything on this machine: engine, embedded log, server, dashboard and the example")
    .option("--port <number>", "port of the dashboard; 0 picks a free one", whole(0, 65_535), 3000)
    .option("--host <address>", "a loopback address; 0.0.0.0 requires sign-in", "127.0.0.1")
    .option("--data-dir <path>", "where to keep the log, its caches and the log files", ".downbeat")
    .option(
      "--log-port <number>",
      "port of the log, for your own services; if 8080 is taken, a free one",
      whole(1, 65_535),
      8080,
    )
    .option(
      "--engines <number>",
      "number of engine processes that share the partitions, for machines with more than two cores",
      whole(1, 16),
      1,
    )
    .option("--no-log-token", "let every process on this machine use the embedded log, without a token")
    .option("--accept-loss", "open a log although its newest data is missing (its -wal file is gone)")
    .option("--embedded", "use the embedded log even if DOWNBEAT_LOG_URL is set")
    .addOption(
      new Option(
        "--pulsar <url>",
        "run on this Pulsar cluster (ws://host:8080) instead of the embedded log",
      ).env("DOWNBEAT_LOG_URL"),
    )
    .addOption(
      new Option("--pulsar-admin <url>", "its admin service; by default the same address over HTTP").env(
        "DOWNBEAT_PULSAR_ADMIN",
      ),
    );
  return withSignIn(command)
    .addOption(
      new Option("--pulsar-client <name>", "native: use the optional module pulsar-client")
        .choices(["websocket", "native"])
        .env("DOWNBEAT_PULSAR_CLIENT"),
    )
    .addOption(
      new Option(
        "--pulsar-broker <url>",
        "native client: address of the brokers (default: pulsar://<the same host>:6650)",
      ).env("DOWNBEAT_PULSAR_BROKER_URL"),
    )
    .addOption(
      new Option(
        "--pulsar-sql <url>",
        "its Pulsar SQL (http://host:8081), for the Analytics page and for history older than the hot window",
      ).env("DOWNBEAT_PULSAR_SQL"),
    )
    .addOption(
      new Option(
        "--hot-window <duration>",
        "how long the server caches a run's events after its end, such as 30d or 12h; older ones are read from Pulsar SQL, or from the log",
      )
        .env("DOWNBEAT_HOT_WINDOW")
        .argParser(hotWindow)
        .default("30d"),
    )
    .addOption(
      new Option(
        "--keep-closed <duration>",
        "how long the embedded log keeps a run after its end, such as 30d (default: forever)",
      )
        .env("DOWNBEAT_KEEP_CLOSED")
        .argParser(keep),
    )
    .addOption(
      new Option("--keep-ids <duration>", "how long after its end its id can't be used again (default: 400d)")
        .env("DOWNBEAT_KEEP_IDS")
        .argParser(keep),
    )
    .addOption(
      new Option("--tenant <name>", "Pulsar tenant (default: public)")
        .env("DOWNBEAT_TENANT")
        .argParser(parsedBy(namespacePart)),
    )
    .addOption(
      new Option("--namespace <name>", "Pulsar namespace (default: default)")
        .env("DOWNBEAT_NAMESPACE")
        .argParser(parsedBy(namespacePart)),
    )
    .addOption(
      new Option(
        "--namespaces <list>",
        "several namespaces, such as public/default,acme/orders: one engine each, the example in the first",
      )
        .env("DOWNBEAT_NAMESPACES")
        .argParser(parsedBy(namespaceList)),
    )
    .addOption(
      new Option("--access <file>", "who may sign in and what they may do; without it, nobody signs in").env(
        "DOWNBEAT_ACCESS_FILE",
      ),
    )
    .addOption(
      new Option(
        "--tls-cert <file>",
        "TLS certificate (PEM) for the dashboard's port; read again when it is renewed",
      )
        .env("DOWNBEAT_TLS_CERT_FILE")
        .argParser((file) => resolve(file)),
    )
    .addOption(
      new Option("--tls-key <file>", "its private key (PEM)")
        .env("DOWNBEAT_TLS_KEY_FILE")
        .argParser((file) => resolve(file)),
    )
    .addOption(
      new Option("--role <role>", "what people may do where nobody signs in")
        .choices([...roles])
        .env("DOWNBEAT_ACTOR_ROLE")
        .default("admin"),
    )
    .addOption(
      recordKeysOption(
        "file of the keys that engines sign history records with, and servers check them with",
      ).argParser((file) => resolve(file)),
    )
    .addOption(
      new Option(
        "--alert-channels <file>",
        "where alerts can notify people; docs/alerts.md describes the file",
      )
        .env("DOWNBEAT_ALERT_CHANNELS")
        .argParser((file) => resolve(file)),
    )
    .option("--rate <number>", "bookings a second made by the example", number(0.01, 10_000), 2)
    .option("--no-demo", "without the example's bookings")
    .option("--no-example", "without the example, for your own workers")
    .addOption(
      new Option(
        "--workflows <file>",
        "instead of the example: module that exports `workflows`, an array",
      ).env("DOWNBEAT_WORKFLOWS"),
    )
    .addOption(
      new Option("--jobs <file>", "instead of the example: module that exports `jobs`, handlers by name").env(
        "DOWNBEAT_JOBS",
      ),
    )
    .action(({ workflows, jobs, ...options }, command: Command) => {
      const given = { ...(workflows !== undefined && { workflows }), ...(jobs !== undefined && { jobs }) };
      const isGiven = Object.keys(given).length > 0;
      const fromVariables = Object.keys(options).filter(
        (name) => name.startsWith("pulsar") && command.getOptionValueSource(name) === "env",
      );
      return start({
        ...options,
        isLogPortNamed: isNamed(command, "logPort"),
        fromVariables,
        ...(isGiven && { code: namedCode(given, process.cwd()) }),
      });
    });
}

/** Whether somebody typed the option. */
export function isNamed(command: Command, option: string): boolean {
  return command.getOptionValueSource(option) === "cli";
}

/** As it is given: the server reads it again. */
function hotWindow(text: string): string {
  parsedBy(durationText)(text);
  return text;
}

function keep(text: string): string | undefined {
  return parsedBy(keepDuration)(text) === undefined ? undefined : text;
}
