import { Command } from "commander";
import { cancelJobCommand, completeCommand, retryCommand, runNowCommand } from "./act.ts";
import { listJobsCommand } from "./list.ts";

export function jobsCommand(): Command {
  return new Command("jobs")
    .description("List open jobs, and retry, cancel or complete them")
    .addCommand(listJobsCommand())
    .addCommand(retryCommand())
    .addCommand(cancelJobCommand())
    .addCommand(completeCommand())
    .addCommand(runNowCommand());
}
