import { Command } from "commander";
import { checkAuthCommand } from "./check.ts";

export function authCommand(): Command {
  return new Command("auth")
    .description("What the access file lets people do")
    .addCommand(checkAuthCommand());
}
