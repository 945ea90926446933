import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { LogError } from "@downbeat/message-log";
import { namespacePart } from "@downbeat/protocol";
import { Command, Option } from "commander";
import { dataDirOption } from "../backup/data-option.ts";
import { logFailure } from "../backup/failure.ts";
import { type SignInOptions, signInOf, withSignIn } from "../cluster/sign-in.ts";
import { CommandFailure } from "../failure.ts";
import { webSocketAddress } from "../input/address.ts";
import { parsedBy } from "../input/options.ts";
import { type RecordKeysOptions, recordKeysIn, recordKeysOption } from "../keys/option.ts";
import { plain, printJson, printLine, printNote } from "../output/print.ts";
import { table } from "../output/table.ts";
import { isAlive, notedLog, openLogAt, tokenFileName } from "../wiring.ts";
import type { Findings } from "./findings.ts";
import { verifyByReading } from "./verify-by-reading.ts";
import { verifyFile } from "./verify-file.ts";

interface VerifyOptions extends SignInOptions, RecordKeysOptions {
  readonly dataDir: string;
  readonly pulsar?: string;
  readonly tenant: string;
  readonly namespace: string;
  readonly json?: boolean;
}

export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("Check all of a log, and say what is wrong with it; changes nothing")
    .argument("[directory]", "a backup or a data directory; by default that of --data-dir")
    .addOption(dataDirOption())
    .option("--pulsar <url>", "check history on this Pulsar cluster instead");
  return withSignIn(command)
    .addOption(
      new Option("--tenant <name>", "tenant, with --pulsar")
        .env("DOWNBEAT_TENANT")
        .default("public")
        .argParser(parsedBy(namespacePart)),
    )
    .addOption(
      new Option("--namespace <name>", "namespace, with --pulsar")
        .env("DOWNBEAT_NAMESPACE")
        .default("default")
        .argParser(parsedBy(namespacePart)),
    )
    .addOption(recordKeysOption("file of the keys to check history records with"))
    .option("--json", "print the answer as JSON")
    .action(runVerify);
}

async function runVerify(directory: string | undefined, options: VerifyOptions): Promise<void> {
  const findings = await verify(directory, options).catch((error: unknown) => {
    throw error instanceof LogError && error.code === "unavailable"
      ? new CommandFailure("unreachable", error.message)
      : logFailure(error);
  });
  if (options.json === true) printJson(findings);
  else printFindings(findings);
  const { length } = findings.problems;
  if (length > 0)
    throw new CommandFailure(
      "failed",
      `${findings.log} is not as it should be: ${length === 1 ? "1 problem" : `${length} problems`}.`,
    );
}

async function verify(directory: string | undefined, options: VerifyOptions): Promise<Findings> {
  if (options.pulsar !== undefined)
    return read(webSocketAddress("--pulsar", options.pulsar), options, signInOf(options));
  const place = resolve(directory ?? options.dataDir);
  // A process that has it holds the file; what it serves can be read all the same.
  const running = notedLog(place);
  // Whoever took the port of one that is gone is not to be shown its token.
  const isGone = running?.pid !== undefined && !isAlive(running.pid);
  if (running === undefined || isGone || !(await isServed(running.url)))
    return verifyFile(place, recordKeysIn(options));
  printNote(
    `Downbeat runs on ${place}: history is read from it. To have the file itself looked at, verify a backup.`,
  );
  const tokenFile = join(place, tokenFileName);
  return read(running.url, options, existsSync(tokenFile) ? { tokenFile } : {});
}

async function read(
  url: string,
  options: VerifyOptions,
  signIn: ReturnType<typeof signInOf> = {},
): Promise<Findings> {
  const { tenant, namespace } = options;
  const log = openLogAt({
    serviceUrl: url,
    tenant,
    namespace,
    ...signIn,
  });
  try {
    const keys = recordKeysIn(options);
    return await verifyByReading({ log, address: url, namespace: `${tenant}/${namespace}`, keys });
  } finally {
    await log.close();
  }
}

async function isServed(url: string): Promise<boolean> {
  return fetch(`${url.replace(/^ws/, "http")}/admin/v2/brokers/health`).then(
    // One that asks who this is, is one.
    ({ ok, status }) => ok || status === 401,
    () => false,
  );
}

function printFindings({ log, messages, partitions, checked, problems }: Findings): void {
  printLine(
    table(
      ["PARTITION", "RECORDS", "CLAIMS", "DECISIONS", "IGNORED", "UNREADABLE", "RUNS", "EVENTS", "REMOVED"],
      partitions.map((one) =>
        [
          one.partition,
          one.records,
          one.claims,
          one.decisions,
          one.ignored,
          one.unreadable,
          one.runs,
          one.events,
          one.removed,
        ].map(String),
      ),
    ),
  );
  const signed = signedSentence(partitions, checked);
  if (signed !== undefined) printLine(plain(signed));
  for (const problem of problems) printLine(plain(problem));
  if (problems.length === 0)
    printLine(`${log} is whole: ${messages.toLocaleString("en")} messages, ${totalOf(partitions)} runs.`);
}

/** Whether records are signed, and by which keys; `undefined` where none is, and nobody asked. */
function signedSentence(partitions: Findings["partitions"], checked: boolean): string | undefined {
  const byKey = new Map<string, number>();
  for (const { signed } of partitions)
    for (const [key, count] of Object.entries(signed)) byKey.set(key, (byKey.get(key) ?? 0) + count);
  const each = [...byKey].map(([key, count]) => `${count.toLocaleString("en")} by ${key}`).join(", ");
  if (byKey.size === 0) return checked ? "No record is signed." : undefined;
  const whether = checked ? "checked" : "not checked: name the file of keys with --record-keys";
  return `Signed records: ${each} (${whether}).`;
}

function totalOf(partitions: Findings["partitions"]): string {
  return partitions.reduce((sum, { runs }) => sum + runs, 0).toLocaleString("en");
}
