import { plural } from "@downbeat/domain";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/words.ts";

export function listBoardsCommand(): Command {
  return withApi(new Command("list").description("List the boards, and who saved each one last")).action(
    listBoards,
  );
}

async function listBoards(options: ApiOptions): Promise<void> {
  const { boards } = await ask(options, (api) => api.boards.list.query());
  if (options.json) return printJson({ boards });
  if (boards.length === 0)
    return printLine("There are no boards. They are made in the dashboard, under Boards.");
  const now = Date.now();
  printLine(
    table(
      ["BOARD", "NAME", "PERIOD", "PANELS", "SAVED BY", "SAVED"],
      boards.map(({ id, board, savedBy, savedAt }) => [
        id,
        board.name,
        board.period,
        plural(board.panels.length, "panel"),
        savedBy,
        ago(savedAt, now),
      ]),
    ),
  );
}
