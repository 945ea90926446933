import { Command } from "commander";
import { listBulksCommand } from "./list.ts";
import { showBulkCommand } from "./show.ts";
import { startBulkCommand } from "./start.ts";
import { steerCommand } from "./steer.ts";

export function bulkCommand(): Command {
  return new Command("bulk")
    .description("Act on many jobs or runs at once, and see the outcome of each")
    .addCommand(startBulkCommand())
    .addCommand(listBulksCommand())
    .addCommand(showBulkCommand())
    .addCommand(steerCommand("pause", "Send nothing more until it is resumed"))
    .addCommand(
      steerCommand("resume", "Resume a paused bulk action").option(
        "--anyway",
        "also resume one that is on hold, despite the reason",
        false,
      ),
    )
    .addCommand(steerCommand("stop", "Stop it for good; what was sent stays sent"));
}
