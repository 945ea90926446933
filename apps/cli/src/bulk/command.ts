import { Command } from "commander";
import { listBulksCommand } from "./list.ts";
import { showBulkCommand } from "./show.ts";
import { startBulkCommand } from "./start.ts";
import { steerCommand } from "./steer.ts";

export function bulkCommand(): Command {
  return new Command("bulk")
    .description("Do the same to many jobs or runs, and see what came of each")
    .addCommand(startBulkCommand())
    .addCommand(listBulksCommand())
    .addCommand(showBulkCommand())
    .addCommand(steerCommand("pause", "Send nothing more until it is resumed"))
    .addCommand(
      steerCommand("resume", "Go on with one that is paused").option(
        "--anyway",
        "go on with one that is held, too, in spite of what it is held for",
        false,
      ),
    )
    .addCommand(steerCommand("stop", "End it; what was sent stays sent"));
}
