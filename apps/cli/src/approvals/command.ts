import { Command } from "commander";
import { approveCommand, rejectCommand, withdrawCommand } from "./decide.ts";
import { listApprovalsCommand } from "./list.ts";
import { showApprovalCommand } from "./show.ts";

export function approvalsCommand(): Command {
  return new Command("approvals")
    .description("Actions that need a second person, and what was decided")
    .addCommand(listApprovalsCommand())
    .addCommand(showApprovalCommand())
    .addCommand(approveCommand())
    .addCommand(rejectCommand())
    .addCommand(withdrawCommand());
}
