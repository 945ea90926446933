import { Command } from "commander";
import { addUserCommand } from "./add.ts";
import { changeUserCommands } from "./change.ts";
import { listUsersCommand } from "./list.ts";

export function usersCommand(): Command {
  const command = new Command("users").description(
    "Who may sign in at the dashboard with a name and a password of this server's own",
  );
  command.addCommand(addUserCommand());
  command.addCommand(listUsersCommand());
  for (const each of changeUserCommands()) command.addCommand(each);
  return command;
}
