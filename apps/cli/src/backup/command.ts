import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { CommandFailure } from "../failure.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { backUpRunning, LogFile, logFileName, notedLog } from "../wiring.ts";
import { dataDirOption } from "./data-option.ts";
import { logFailure } from "./failure.ts";

interface BackupOptions {
  readonly dataDir: string;
  readonly json?: boolean;
}

export function backupCommand(): Command {
  return new Command("backup")
    .description(
      "Write a consistent copy of the embedded log into a new directory; works while Downbeat is running",
    )
    .argument("<directory>", "where to write it; created if missing, one for each backup")
    .addOption(dataDirOption())
    .option("--json", "print the answer as JSON")
    .action(runBackup);
}

async function runBackup(directory: string, { dataDir, json }: BackupOptions): Promise<void> {
  const log = join(resolve(dataDir), logFileName);
  if (!existsSync(log)) throw new CommandFailure("notFound", `${resolve(dataDir)} has no log.`);
  const file = await backUp(log, resolve(dataDir), resolve(directory)).catch((error: unknown) => {
    throw logFailure(error);
  });
  const { size } = statSync(file);
  if (json) printJson({ file, bytes: size });
  else printLine(`${file} holds the log: ${Math.ceil(size / 1_000_000).toLocaleString("en")} MB.`);
}

/** By the process that has the log, if one does. */
async function backUp(log: string, dataDir: string, directory: string): Promise<string> {
  const running = notedLog(dataDir);
  const file = running && (await backUpRunning(running, directory));
  if (file !== undefined) return file;
  const atRest = LogFile.open(log);
  try {
    if (atRest.loss !== undefined) printNote(atRest.loss);
    return await atRest.backUp(directory);
  } finally {
    atRest.close();
  }
}
