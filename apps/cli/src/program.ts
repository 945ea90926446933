import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { completionCommand } from "./completion/command.ts";
import { plainLines } from "./output/print.ts";

/** In the order of the help. What a command needs is loaded when it is asked for: all of it takes three times as long to load as most of them need. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  dev: async () => (await import("./dev/command.ts")).devCommand(),
  start: async () => (await import("./start/command.ts")).startCommand(),
  setup: async () => (await import("./setup/command.ts")).setupCommand(),
  doctor: async () => (await import("./doctor/command.ts")).doctorCommand(),
  backup: async () => (await import("./backup/command.ts")).backupCommand(),
  restore: async () => (await import("./restore/command.ts")).restoreCommand(),
  verify: async () => (await import("./verify/command.ts")).verifyCommand(),
  compact: async () => (await import("./compact/command.ts")).compactCommand(),
  check: async () => (await import("./check/command.ts")).checkCommand(),
  runs: async () => (await import("./runs/command.ts")).runsCommand(),
  jobs: async () => (await import("./jobs/command.ts")).jobsCommand(),
  case: async () => (await import("./case/command.ts")).caseCommand(),
  timers: async () => (await import("./timers/command.ts")).timersCommand(),
  overview: async () => (await import("./overview/command.ts")).overviewCommand(),
  goals: async () => (await import("./goals/command.ts")).goalsCommand(),
  boards: async () => (await import("./boards/command.ts")).boardsCommand(),
  owed: async () => (await import("./owed/command.ts")).owedCommand(),
  attention: async () => (await import("./attention/command.ts")).attentionCommand(),
  cause: async () => (await import("./cause/command.ts")).causeCommand(),
  alerts: async () => (await import("./alerts/command.ts")).alertsCommand(),
  approvals: async () => (await import("./approvals/command.ts")).approvalsCommand(),
  audit: async () => (await import("./audit/command.ts")).auditCommand(),
  bulk: async () => (await import("./bulk/command.ts")).bulkCommand(),
  workers: async () => (await import("./workers/command.ts")).workersCommand(),
  workflows: async () => (await import("./workflows/command.ts")).workflowsCommand(),
  quarantine: async () => (await import("./quarantine/command.ts")).quarantineCommand(),
  repair: async () => (await import("./repair/command.ts")).repairCommand(),
  login: async () => (await import("./login/command.ts")).loginCommand(),
  logout: async () => (await import("./login/command.ts")).logoutCommand(),
  users: async () => (await import("./users/command.ts")).usersCommand(),
  tokens: async () => (await import("./tokens/command.ts")).tokensCommand(),
  sessions: async () => (await import("./sessions/command.ts")).sessionsCommand(),
  auth: async () => (await import("./auth/command.ts")).authCommand(),
  keys: async () => (await import("./keys/command.ts")).keysCommand(),
  "payload-keys": async () => (await import("./payload-keys/command.ts")).payloadKeysCommand(),
  erase: async () => (await import("./erase/command.ts")).eraseCommand(),
};

/**
 * `downbeat` and what it can be told.
 *
 * @param asked name of the only command that is needed; all are loaded where it is none of them
 */
export async function downbeatProgram(asked?: string): Promise<Command> {
  const program = new Command("downbeat")
    .description("Workflows that survive crashes, and a dashboard to watch and fix them")
    .version(manifest.version);
  const all = Object.entries(commands);
  const named = all.filter(([name]) => name === asked);
  for (const [, load] of named.length > 0 ? named : all) program.addCommand(await load());
  if (named.length === 0) program.addCommand(completionCommand(program));
  prepare(program);
  return program;
}

/** Its own exit statuses; and what was typed may have been pasted from anywhere. */
function prepare(command: Command): void {
  command.exitOverride();
  command.configureOutput({ outputError: (text, write) => write(plainLines(text)) });
  for (const child of command.commands) prepare(child);
}
