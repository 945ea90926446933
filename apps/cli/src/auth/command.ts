import { Command } from "commander";
import { checkAuthCommand } from "./check.ts";

export function authCommand(): Command {
  return new Command("auth")
    .description("What people may do by the access file")
    .addCommand(checkAuthCommand());
}
