import { Command } from "commander";
import { deleteGoalCommand } from "./delete.ts";
import { listGoalsCommand } from "./list.ts";
import { saveGoalCommand } from "./save.ts";

export function goalsCommand(): Command {
  return new Command("goals")
    .description("Goals: what share of runs should be good, and how much of the budget for bad ones is left")
    .addCommand(listGoalsCommand())
    .addCommand(saveGoalCommand())
    .addCommand(deleteGoalCommand());
}
