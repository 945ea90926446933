import { Command } from "commander";
import { startCommand } from "./start/command.ts";

const program = new Command("downbeat").description(
  "Workflows that survive everything, and a dashboard to watch and fix them",
);
program.addCommand(startCommand());

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
