import { Command } from "commander";
import { dropCommand } from "./drop.ts";
import { listQuarantineCommand } from "./list.ts";
import { sendAgainCommand } from "./send-again.ts";

export function quarantineCommand(): Command {
  return new Command("quarantine")
    .description("What came in and nobody could use, with why; send it again, or drop it")
    .addCommand(listQuarantineCommand())
    .addCommand(sendAgainCommand())
    .addCommand(dropCommand());
}
