import { Command } from "commander";
import { cancelCommand, resumeCommand, terminateCommand } from "./act.ts";
import { listCommand } from "./list.ts";
import { savedInputsCommand } from "./saved.ts";
import { showCommand } from "./show.ts";
import { signalCommand } from "./signal.ts";
import { startRunCommand } from "./start.ts";

export function runsCommand(): Command {
  return new Command("runs")
    .description("List, show, start, signal and end runs")
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(startRunCommand())
    .addCommand(savedInputsCommand())
    .addCommand(signalCommand())
    .addCommand(cancelCommand())
    .addCommand(terminateCommand())
    .addCommand(resumeCommand());
}
