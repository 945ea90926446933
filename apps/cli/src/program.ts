import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { alertsCommand } from "./alerts/command.ts";
import { approvalsCommand } from "./approvals/command.ts";
import { attentionCommand } from "./attention/command.ts";
import { auditCommand } from "./audit/command.ts";
import { authCommand } from "./auth/command.ts";
import { backupCommand } from "./backup/command.ts";
import { boardsCommand } from "./boards/command.ts";
import { bulkCommand } from "./bulk/command.ts";
import { caseCommand } from "./case/command.ts";
import { causeCommand } from "./cause/command.ts";
import { checkCommand } from "./check/command.ts";
import { compactCommand } from "./compact/command.ts";
import { completionCommand } from "./completion/command.ts";
import { devCommand } from "./dev/command.ts";
import { doctorCommand } from "./doctor/command.ts";
import { eraseCommand } from "./erase/command.ts";
import { goalsCommand } from "./goals/command.ts";
import { jobsCommand } from "./jobs/command.ts";
import { keysCommand } from "./keys/command.ts";
import { loginCommand, logoutCommand } from "./login/command.ts";
import { plainLines } from "./output/print.ts";
import { overviewCommand } from "./overview/command.ts";
import { owedCommand } from "./owed/command.ts";
import { payloadKeysCommand } from "./payload-keys/command.ts";
import { quarantineCommand } from "./quarantine/command.ts";
import { repairCommand } from "./repair/command.ts";
import { restoreCommand } from "./restore/command.ts";
import { runsCommand } from "./runs/command.ts";
import { sessionsCommand } from "./sessions/command.ts";
import { setupCommand } from "./setup/command.ts";
import { startCommand } from "./start/command.ts";
import { timersCommand } from "./timers/command.ts";
import { tokensCommand } from "./tokens/command.ts";
import { usersCommand } from "./users/command.ts";
import { verifyCommand } from "./verify/command.ts";
import { workersCommand } from "./workers/command.ts";
import { workflowsCommand } from "./workflows/command.ts";

/** `downbeat` and all that it can be told. */
export function downbeatProgram(): Command {
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
  program.addCommand(caseCommand());
  program.addCommand(timersCommand());
  program.addCommand(overviewCommand());
  program.addCommand(goalsCommand());
  program.addCommand(boardsCommand());
  program.addCommand(owedCommand());
  program.addCommand(attentionCommand());
  program.addCommand(causeCommand());
  program.addCommand(alertsCommand());
  program.addCommand(approvalsCommand());
  program.addCommand(auditCommand());
  program.addCommand(bulkCommand());
  program.addCommand(workersCommand());
  program.addCommand(workflowsCommand());
  program.addCommand(quarantineCommand());
  program.addCommand(repairCommand());
  program.addCommand(loginCommand());
  program.addCommand(logoutCommand());
  program.addCommand(usersCommand());
  program.addCommand(tokensCommand());
  program.addCommand(sessionsCommand());
  program.addCommand(authCommand());
  program.addCommand(keysCommand());
  program.addCommand(payloadKeysCommand());
  program.addCommand(eraseCommand());
  program.addCommand(completionCommand(program));
  prepare(program);
  return program;
}

/** Its own exit statuses; and what was typed may have been pasted from anywhere. */
function prepare(command: Command): void {
  command.exitOverride();
  command.configureOutput({ outputError: (text, write) => write(plainLines(text)) });
  for (const child of command.commands) prepare(child);
}
