import { namespacePart } from "@downbeat/protocol";
import { type Command, Option } from "commander";
import { httpAddress, webSocketAddress } from "../input/address.ts";
import { parsedBy } from "../input/options.ts";
import type { ClusterOptions } from "../wiring.ts";
import { type SignInOptions, signInOf, withSignIn } from "./sign-in.ts";
import { checkedToken } from "./token.ts";

export interface PulsarOptions extends SignInOptions {
  readonly pulsar: string;
  readonly pulsarAdmin?: string;
  readonly token?: string;
  readonly tenant: string;
  readonly namespace: string;
  readonly json: boolean;
}

const clusterName = parsedBy(namespacePart.regex(/^[-.\w]+$/, "letters, digits and - . _ only"));

/** What every command that asks a Pulsar cluster takes. */
export function withPulsar(command: Command): Command {
  command
    .addOption(
      new Option("--pulsar <url>", "the cluster's WebSocket service")
        .env("DOWNBEAT_LOG_URL")
        .default("ws://127.0.0.1:8080"),
    )
    .addOption(
      new Option("--pulsar-admin <url>", "its admin service; by default the same address over HTTP").env(
        "DOWNBEAT_PULSAR_ADMIN",
      ),
    );
  return withSignIn(command)
    .addOption(
      new Option(
        "--token <token>",
        "the token itself; command lines are visible to others, so prefer the variable",
      ).env("DOWNBEAT_PULSAR_TOKEN"),
    )
    .addOption(
      new Option("--tenant <name>", "Pulsar tenant")
        .env("DOWNBEAT_TENANT")
        .default("public")
        .argParser((text) => clusterName(text) ?? "public"),
    )
    .addOption(
      new Option("--namespace <name>", "Pulsar namespace")
        .env("DOWNBEAT_NAMESPACE")
        .default("default")
        .argParser((text) => clusterName(text) ?? "default"),
    )
    .option("--json", "print the answer as JSON (docs/cli.md lists the fields)", false);
}

/** @throws CommandFailure */
export function clusterOptions(options: PulsarOptions): ClusterOptions {
  const { pulsar, pulsarAdmin, token } = options;
  const serviceUrl = webSocketAddress("--pulsar", pulsar);
  return {
    serviceUrl,
    adminUrl:
      pulsarAdmin === undefined
        ? serviceUrl.replace(/^ws/, "http")
        : httpAddress("--pulsar-admin", pulsarAdmin),
    ...signInOf(options, token === undefined || token === "" ? undefined : checkedToken(token)),
  };
}
