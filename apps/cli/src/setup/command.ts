import { namePattern } from "@downbeat/protocol";
import { Command, InvalidArgumentError, Option } from "commander";
import { askCluster } from "../cluster/ask.ts";
import { clusterOptions, withPulsar } from "../cluster/options.ts";
import { CommandFailure } from "../failure.ts";
import { list, number } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { type SetupLine, setUp } from "../wiring.ts";
import { lag, size, sizeLimit, timeLimit } from "./amounts.ts";
import { setupLine } from "./line.ts";
import { type SetupOptions, wantedOf } from "./wanted.ts";

export function setupCommand(): Command {
  return withPulsar(
    new Command("setup").description(
      "Create a tenant's namespace on a Pulsar cluster, with all that Downbeat needs; running it again changes nothing",
    ),
  )
    .option(
      "--partitions <number>",
      "partitions of inbox and history; can't be changed later (default: 4)",
      whole(1, 256),
    )
    .option("--jobs <types>", "job types whose topics to create now, separated by commas", names("job type"))
    .option(
      "--workflows <names>",
      "workflows whose topics to create now, separated by commas",
      names("workflow"),
    )
    .option("--builds <names>", "builds of them that have their own topics, created now too", list)
    .option("--history-retention <span>", "how long to keep history, such as 90d, or unlimited", timeLimit)
    .option(
      "--history-retention-size <size>",
      "how much of it to keep, such as 500GB, or unlimited",
      sizeLimit,
    )
    .option(
      "--offload-threshold <size>",
      "move closed segments to cheaper storage once a topic is larger than this",
      size,
    )
    .option("--offload-lag <span>", "how long a moved segment stays in BookKeeper, too (default: 4h)", lag)
    .addOption(
      new Option(
        "--offload-driver <name>",
        "where to move them; by default the broker's own setting",
      ).choices(["filesystem", "aws-s3"]),
    )
    .option("--offload-uri <uri>", "filesystem: such as hdfs://host:9000 or file:///shared/history")
    .option("--offload-profile <path>", "filesystem: the Hadoop settings, on the broker's disk")
    .option("--offload-bucket <name>", "aws-s3")
    .option("--offload-region <name>", "aws-s3")
    .option("--offload-endpoint <url>", "aws-s3: for stores that speak its protocol")
    .option("--replicate-to <clusters>", "replicate history to these Pulsar clusters, or none", clusters)
    .option("--engine-roles <names>", "roles that engines sign in with: grant all they need", list)
    .option(
      "--server-roles <names>",
      "roles of servers: grant all they need, which excludes writing history",
      list,
    )
    .option(
      "--worker-roles <names>",
      "roles of workers of --jobs and --workflows, and of clients: grant only what these need",
      list,
    )
    .option("--dry-run", "only show what would be done", false)
    .action(runSetup);
}

async function runSetup(options: SetupOptions): Promise<void> {
  const wanted = wantedOf(options);
  const { dryRun, json, tenant, namespace } = options;
  const lines: SetupLine[] = [];
  await askCluster(clusterOptions(options), async (cluster) => {
    for await (const line of setUp(cluster, wanted, { dryRun })) {
      lines.push(line);
      if (!json) printLine(setupLine(line));
    }
  });
  if (json) printJson({ tenant, namespace, dryRun, items: lines });
  const wrong = lines.filter(({ outcome }) => outcome === "differs");
  if (wrong.length > 0)
    throw new CommandFailure(
      "failed",
      `${tenant}/${namespace} can't be used as it is: ${wrong.map(({ what }) => what).join(", ")}.`,
    );
  if (!json) printLine(`\n${closing(lines, dryRun)}`);
}

function closing(lines: readonly SetupLine[], dryRun: boolean): string {
  const done = lines.filter(({ outcome }) => !["exists", "kept", "unseen"].includes(outcome)).length;
  if (done === 0) return "Everything is as it should be.";
  if (dryRun) return `Nothing was changed; without --dry-run ${done} of these would be.`;
  return "Done. `npx downbeat doctor` says whether the cluster suits.";
}

function whole(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = number(low, high)(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError("Give a whole number.");
    return value;
  };
}

function names(what: string): (text: string) => string[] {
  return (text) => {
    const all = list(text);
    const bad = all.find((name) => !namePattern.test(name));
    if (bad !== undefined)
      throw new InvalidArgumentError(`${JSON.stringify(bad)} can't be the name of a ${what}.`);
    return all;
  };
}

function clusters(text: string): string[] {
  return text === "none" ? [] : list(text);
}
