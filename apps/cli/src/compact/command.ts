import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { HistoryCompaction } from "@downbeat/engine/compaction";
import { checkedLog } from "@downbeat/message-log";
import { type KeepClosed, keepClosedOf, keepDuration, type RecordKeys } from "@downbeat/protocol";
import { Command, Option } from "commander";
import { dataDirOption } from "../backup/data-option.ts";
import { logFailure } from "../backup/failure.ts";
import { CommandFailure } from "../failure.ts";
import { parsedBy } from "../input/options.ts";
import { type RecordKeysOptions, recordKeysIn, recordKeysOption } from "../keys/option.ts";
import { printJson, printLine } from "../output/print.ts";
import { type EmbeddedLog, LogFile, logFileName, openEmbeddedLog } from "../wiring.ts";

interface CompactOptions extends RecordKeysOptions {
  readonly dataDir: string;
  readonly keepClosed: number;
  readonly keepIds?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface Compacted {
  readonly log: string;
  /** Whose history was removed. */
  runs: number;
  records: number;
  /** Of the file, before and after. */
  readonly bytes: number;
  bytesLeft: number;
}

const historyPartition = /^history-partition-\d+$/;

export function compactCommand(): Command {
  return new Command("compact")
    .description(
      "Remove closed runs from a log that is not in use, as downbeat start --keep-closed does while running",
    )
    .argument("[directory]", "a data directory; by default that of --data-dir")
    .addOption(dataDirOption())
    .addOption(
      new Option("--keep-closed <duration>", "how long to keep a run after its end, such as 30d")
        .argParser(parsedBy(keepDuration))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        "--keep-ids <duration>",
        "how long after its end its id can't be used again (default: 400d)",
      ).argParser(parsedBy(keepDuration)),
    )
    .addOption(recordKeysOption("file of the keys that records are signed with, if they are"))
    .option("--dry-run", "only show how many runs would be removed")
    .option("--json", "print the answer as JSON")
    .action(runCompact);
}

async function runCompact(directory: string | undefined, options: CompactOptions): Promise<void> {
  const keep = keepOf(options);
  const file = join(resolve(directory ?? options.dataDir), logFileName);
  const keys = recordKeysIn(options);
  const done = await compactFile(file, keep, options.dryRun === true, keys).catch((error: unknown) => {
    throw logFailure(error);
  });
  if (options.json === true) return printJson({ ...done, dryRun: options.dryRun === true });
  const what = `${done.runs.toLocaleString("en")} closed runs`;
  printLine(
    options.dryRun === true
      ? `${what} would be removed from ${file}. Nothing was changed.`
      : `${what} were removed from ${file}: ${megabytes(done.bytes)} before, ${megabytes(done.bytesLeft)} now.`,
  );
}

function keepOf({ keepClosed, keepIds }: CompactOptions): KeepClosed {
  try {
    const keep = keepClosedOf({ DOWNBEAT_KEEP_CLOSED: keepClosed, DOWNBEAT_KEEP_IDS: keepIds });
    if (keep !== undefined) return keep;
  } catch (error) {
    throw new CommandFailure("usage", (error as Error).message);
  }
  throw new CommandFailure("usage", "--keep-closed is missing.");
}

/** @throws EmbeddedLogOpenError when there is no log, or it is in use */
async function compactFile(
  file: string,
  keep: KeepClosed,
  dryRun: boolean,
  keys: RecordKeys | undefined,
): Promise<Compacted> {
  // It is not to be made where there is none.
  LogFile.open(file).close();
  const bytes = statSync(file).size;
  const embedded = await openEmbeddedLog({ file });
  const done: Compacted = { log: file, runs: 0, records: 0, bytes, bytesLeft: bytes };
  try {
    for (const place of embedded.topics()) {
      if (!historyPartition.test(place.topic)) continue;
      const { runs, records } = await compactTopic(embedded, place, keep, dryRun, keys);
      done.runs += runs;
      done.records += records;
    }
    if (!dryRun) done.bytesLeft = await settledSize(file);
  } finally {
    await embedded.close();
  }
  return done;
}

function compactTopic(
  embedded: EmbeddedLog,
  { tenant, namespace, topic }: ReturnType<EmbeddedLog["topics"]>[number],
  keep: KeepClosed,
  dryRun: boolean,
  keys: RecordKeys | undefined,
): Promise<{ readonly runs: number; readonly records: number }> {
  const history = keys?.of(`${tenant}/${namespace}`);
  return new HistoryCompaction({
    log: checkedLog(embedded.connect({ tenant, namespace }), history?.proofOf),
    keys: history,
    topic,
    endedBefore: Date.now() - keep.closedMs,
    forgottenBefore: Date.now() - keep.idsMs,
    dryRun,
    compact: (messages) => embedded.compact(`${tenant}/${namespace}`, topic, messages),
  }).run();
}

/** Space is given back in the log's pauses. */
async function settledSize(file: string): Promise<number> {
  for (let size = -1; ; ) {
    const now = statSync(file).size;
    if (now === size) return size;
    size = now;
    await setTimeout(1_000);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;
}
