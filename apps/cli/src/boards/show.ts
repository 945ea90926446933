import type { BoardView, ToldBoard } from "@downbeat/api/views";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { plain, printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";

interface Options extends ApiOptions {
  readonly timeZone?: string;
}

export function showBoardCommand(): Command {
  return withApi(
    new Command("show")
      .description("Show what a board shows now, panel by panel")
      .argument("<board>", "its id or name")
      .option("--time-zone <name>", "time zone for days and hours, such as Europe/Berlin (default: UTC)"),
  ).action(showBoard);
}

async function showBoard(asked: string, options: Options): Promise<void> {
  const told = await ask(options, async (api) => {
    const { boards } = await api.boards.list.query();
    const { id } = found(boards, asked);
    const board = await api.boards.tell.query({
      id,
      ...(options.timeZone !== undefined && { timeZone: options.timeZone }),
    });
    return { id, ...board };
  });
  if (options.json) printJson(told);
  else printBoard(told);
}

/** @throws CommandFailure where none is called so, or several are */
function found(boards: readonly BoardView[], asked: string): BoardView {
  const named = boards.filter(({ board }) => board.name.toLowerCase() === asked.toLowerCase());
  const [one, another] = [...boards.filter(({ id }) => id === asked), ...named];
  if (one === undefined) throw new CommandFailure("notFound", `No board is called ${asked}.`);
  if (another !== undefined && one.id !== asked)
    throw new CommandFailure("usage", `Several boards are called ${asked}: say the id of one.`);
  return one;
}

function printBoard({ name, period, notes, panels }: ToldBoard): void {
  printLine(`${plain(name)}: ${period.toLowerCase()}`);
  for (const note of notes) printLine(plain(note));
  for (const { title, lines, table: rows } of panels) {
    printLine(`\n${plain(title)}`);
    for (const line of lines) printLine(`  ${plain(line)}`);
    if (rows !== undefined)
      printLine(
        table(
          rows.head.map((each) => each.toUpperCase()),
          rows.rows,
        )
          .split("\n")
          .map((line) => `  ${line}`)
          .join("\n"),
      );
  }
}
