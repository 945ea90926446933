import { Command } from "commander";
import { addUserCommand } from "./add.ts";
import { changeUserCommands } from "./change.ts";
import { listUsersCommand } from "./list.ts";

export function usersCommand(): Command {
  const command = new Command("users").description(
    "Accounts with a name and password, for signing in to this server's dashboard",
  );
  command.addCommand(addUserCommand());
  command.addCommand(listUsersCommand());
  for (const each of changeUserCommands()) command.addCommand(each);
  return command;
}
