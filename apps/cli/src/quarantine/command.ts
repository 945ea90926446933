import { Command } from "commander";
import { dropCommand } from "./drop.ts";
import { listQuarantineCommand } from "./list.ts";
import { sendAgainCommand } from "./send-again.ts";

export function quarantineCommand(): Command {
  return new Command("quarantine")
    .description("Messages that could not be used, and why; send them again, or drop them")
    .addCommand(listQuarantineCommand())
    .addCommand(sendAgainCommand())
    .addCommand(dropCommand());
}
