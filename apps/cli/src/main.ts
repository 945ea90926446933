import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { attentionCommand } from "./attention/command.ts";
import { backupCommand } from "./backup/command.ts";
import { checkCommand } from "./check/command.ts";
import { compactCommand } from "./compact/command.ts";
import { devCommand } from "./dev/command.ts";
import { doctorCommand } from "./doctor/command.ts";
import { CommandFailure, exitStatus } from "./failure.ts";
import { jobsCommand } from "./jobs/command.ts";
import { overviewCommand } from "./overview/command.ts";
import { quarantineCommand } from "./quarantine/command.ts";
import { repairCommand } from "./repair/command.ts";
import { restoreCommand } from "./restore/command.ts";
import { runsCommand } from "./runs/command.ts";
import { setupCommand } from "./setup/command.ts";
import { startCommand } from "./start/command.ts";
import { verifyCommand } from "./verify/command.ts";
import { workersCommand } from "./workers/command.ts";
import { workflowsCommand } from "./workflows/command.ts";

const program = new Command("downbeat")
  .description("Workflows that survive everything, and a dashboard to watch and fix them")
  .version(manifest.version);
program.addCommand(devCommand());
program.addCommand(startCommand());
program.addCommand(setupCommand());
program.addCommand(doctorCommand());
program.addCommand(backupCommand());
program.addCommand(restoreCommand());
program.addCommand(verifyCommand());
program.addCommand(compactCommand());
program.addCommand(checkCommand());
program.addCommand(runsCommand());
program.addCommand(jobsCommand());
program.addCommand(overviewCommand());
program.addCommand(attentionCommand());
program.addCommand(workersCommand());
program.addCommand(workflowsCommand());
program.addCommand(quarantineCommand());
program.addCommand(repairCommand());
throwInsteadOfExit(program);

// Whoever reads along may have seen enough: `downbeat runs list | head -1`.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? 0 : exitStatus.failed),
);

program.parseAsync().catch((error: unknown) => {
  // Commander has said what was wrong with the command line itself.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : exitStatus.usage);
  const message = error instanceof Error ? error.message : String(error);
  // What was found wrong may have been printed already.
  if (message !== "") process.stderr.write(`${message}\n`);
  process.exit(error instanceof CommandFailure ? error.exitStatus : exitStatus.failed);
});

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwInsteadOfExit(child);
}
