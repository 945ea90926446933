import { Command } from "commander";
import { markCauseCommand } from "./mark.ts";
import { showCauseCommand } from "./show.ts";

export function causeCommand(): Command {
  return new Command("cause")
    .description("Look into a cause that attention lists, and leave a note on it")
    .addCommand(showCauseCommand())
    .addCommand(markCauseCommand());
}
