import { resolve } from "node:path";
import { Command } from "commander";
import { dataDirOption } from "../backup/data-option.ts";
import { logFailure } from "../backup/failure.ts";
import { CommandFailure } from "../failure.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { verifyFile } from "../verify/verify-file.ts";
import { type Restored, restore } from "../wiring.ts";

interface RestoreOptions {
  readonly dataDir: string;
  readonly force?: boolean;
  readonly acceptDamage?: boolean;
  readonly json?: boolean;
}

export function restoreCommand(): Command {
  return new Command("restore")
    .description("Put the log of a backup into a data directory that nothing uses")
    .argument("<directory>", "the backup's directory")
    .addOption(dataDirOption())
    .option("--force", "move an existing log aside")
    .option("--accept-damage", "accept a backup in which something is damaged")
    .option("--json", "print the answer as JSON")
    .action(runRestore);
}

async function runRestore(backup: string, options: RestoreOptions): Promise<void> {
  const { dataDir, force = false, acceptDamage = false, json } = options;
  const restored = await checkedRestore(backup, dataDir, { force, acceptDamage }).catch((error: unknown) => {
    throw logFailure(error);
  });
  if (json) return printJson({ dataDir: resolve(dataDir), ...restored });
  printLine(
    `${resolve(dataDir)} has the log of ${resolve(backup)}. Its caches are read again at the next start.`,
  );
  if (restored.replaced !== undefined) printLine(`The log that was there is in ${restored.replaced}.`);
}

async function checkedRestore(
  backup: string,
  dataDir: string,
  { force, acceptDamage }: { readonly force: boolean; readonly acceptDamage: boolean },
): Promise<Restored> {
  const { problems } = await verifyFile(backup);
  for (const problem of problems) printNote(problem);
  if (problems.length > 0 && !acceptDamage)
    throw new CommandFailure(
      "failed",
      "The backup is damaged. Take another one, or this one with --accept-damage.",
    );
  return restore(backup, dataDir, { replace: force, now: new Date() });
}
