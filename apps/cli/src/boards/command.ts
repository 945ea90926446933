import { Command } from "commander";
import { listBoardsCommand } from "./list.ts";
import { showBoardCommand } from "./show.ts";

export function boardsCommand(): Command {
  return new Command("boards")
    .description("Boards that people share, panel by panel")
    .addCommand(listBoardsCommand())
    .addCommand(showBoardCommand());
}
