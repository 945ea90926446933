import { Command } from "commander";
import { deleteGoalCommand } from "./delete.ts";
import { listGoalsCommand } from "./list.ts";
import { saveGoalCommand } from "./save.ts";

export function goalsCommand(): Command {
  return new Command("goals")
    .description("What share of the runs is to be good, and what is left of the budget for bad ones")
    .addCommand(listGoalsCommand())
    .addCommand(saveGoalCommand())
    .addCommand(deleteGoalCommand());
}
