import { Command } from "commander";
import { approveCommand, rejectCommand, withdrawCommand } from "./decide.ts";
import { listApprovalsCommand } from "./list.ts";
import { showApprovalCommand } from "./show.ts";

export function approvalsCommand(): Command {
  return new Command("approvals")
    .description("What was asked for that needs a second person, and what people said of it")
    .addCommand(listApprovalsCommand())
    .addCommand(showApprovalCommand())
    .addCommand(approveCommand())
    .addCommand(rejectCommand())
    .addCommand(withdrawCommand());
}
