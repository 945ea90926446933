import { Command } from "commander";
import { listQuarantineCommand } from "./list.ts";

export function quarantineCommand(): Command {
  return new Command("quarantine")
    .description("What came in and nobody could use, with why")
    .addCommand(listQuarantineCommand());
}
