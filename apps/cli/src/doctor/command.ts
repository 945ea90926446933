import { readAccess } from "@downbeat/access";
import type { EngineRule } from "@downbeat/domain";
import { type RecordKeys, secondPersonText } from "@downbeat/protocol";
import { Command, InvalidArgumentError, Option } from "commander";
import { askCluster } from "../cluster/ask.ts";
import { clusterOptions, type PulsarOptions, withPulsar } from "../cluster/options.ts";
import { CommandFailure } from "../failure.ts";
import { httpAddress } from "../input/address.ts";
import { list, number, parsedBy } from "../input/options.ts";
import { type RecordKeysOptions, recordKeysIn, recordKeysOption } from "../keys/option.ts";
import { plain, printJson, printLine } from "../output/print.ts";
import { orFailure } from "../users/access-option.ts";
import { examine, type Finding, openLogAt } from "../wiring.ts";
import { secondPerson } from "./second-person.ts";
import { signatures, uncheckedSignatures } from "./signatures.ts";

interface DoctorOptions extends PulsarOptions, RecordKeysOptions {
  readonly pulsarSql?: string;
  readonly partitions?: number;
  readonly engineRoles?: readonly string[];
  readonly access?: string;
  readonly secondPerson?: EngineRule;
}

export function doctorCommand(): Command {
  return withPulsar(
    new Command("doctor").description(
      "Compare a Pulsar cluster with what Downbeat needs, and say what to fix; changes nothing",
    ),
  )
    .addOption(
      new Option("--pulsar-sql <url>", "also check Pulsar SQL, such as http://localhost:8081").env(
        "DOWNBEAT_PULSAR_SQL",
      ),
    )
    .addOption(
      recordKeysOption("report whether records are signed, and check them with the keys in this file"),
    )
    .option(
      "--engine-roles <names>",
      "roles of the engines, separated by commas: report who else may write to history",
      list,
    )
    .addOption(
      new Option(
        "--access <file>",
        "the servers' access file: show what it requires a second person for",
      ).env("DOWNBEAT_ACCESS_FILE"),
    )
    .addOption(
      new Option(
        "--second-person <words>",
        "setting of engines that run separately, to compare: terminate,bulk",
      )
        .env("DOWNBEAT_SECOND_PERSON")
        .argParser(parsedBy(secondPersonText)),
    )
    .option("--partitions <number>", "that should exist", (text) => {
      const value = number(1, 256)(text);
      if (!Number.isInteger(value)) throw new InvalidArgumentError("Give a whole number.");
      return value;
    })
    .action(runDoctor);
}

const words: Readonly<Record<Finding["severity"], string>> = {
  error: "ERROR",
  warning: "warning",
  note: "note",
  unseen: "can't be seen",
};

async function runDoctor(options: DoctorOptions): Promise<void> {
  const { tenant, namespace, partitions, engineRoles, json } = options;
  const pulsarSql =
    options.pulsarSql === undefined ? undefined : httpAddress("--pulsar-sql", options.pulsarSql);
  const keys = recordKeysIn(options);
  const { access: accessFile, secondPerson: told } = options;
  const access = accessFile === undefined ? undefined : orFailure(() => readAccess(accessFile));
  const found = await askCluster(clusterOptions(options), (cluster) =>
    examine(cluster, {
      tenant,
      namespace,
      ...(partitions !== undefined && { partitions }),
      ...(engineRoles !== undefined && { engineRoles }),
      ...(pulsarSql !== undefined && { pulsarSql }),
    }),
  );
  const findings = [
    ...found,
    ...(await signed(options, keys)),
    ...secondPerson({ access, name: { tenant, namespace }, told }),
  ];
  if (json) printJson({ tenant, namespace, findings });
  else for (const finding of findings) printFinding(finding);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (errors > 0)
    throw new CommandFailure(
      "failed",
      `${tenant}/${namespace} does not suit Downbeat: ${errors === 1 ? "1 error" : `${errors} errors`}.`,
    );
  if (!json)
    printLine(findings.length === 0 ? "Everything is as Downbeat needs it." : "Downbeat runs on it.");
}

async function signed(options: DoctorOptions, keys: RecordKeys | undefined): Promise<readonly Finding[]> {
  const { tenant, namespace } = options;
  const log = openLogAt({ ...clusterOptions(options), tenant, namespace });
  try {
    if (keys !== undefined) return [await signatures({ log, namespace: `${tenant}/${namespace}`, keys })];
    return await uncheckedSignatures(log);
  } finally {
    await log.close();
  }
}

function printFinding({ id, severity, found, means, mend }: Finding): void {
  printLine(plain(`${words[severity]} ${id}: ${found}`));
  printLine(plain(`  means  ${means}`));
  printLine(plain(`  mend   ${mend}`));
  printLine("");
}
