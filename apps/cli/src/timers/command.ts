import { Command } from "commander";
import { cancelTimerCommand, fireTimerCommand, postponeTimerCommand } from "./act.ts";
import { listTimersCommand } from "./list.ts";

export function timersCommand(): Command {
  return new Command("timers")
    .description("List what is due when, and fire, postpone or cancel it")
    .addCommand(listTimersCommand())
    .addCommand(fireTimerCommand())
    .addCommand(postponeTimerCommand())
    .addCommand(cancelTimerCommand());
}
