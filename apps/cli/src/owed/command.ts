import { Command } from "commander";
import { listOwedCommand } from "./list.ts";
import { showOwedCommand } from "./show.ts";

export function owedCommand(): Command {
  return new Command("owed")
    .description(
      "What should have been undone but is not, such as refunds and cancellations: in total, and one by one",
    )
    .addCommand(showOwedCommand(), { isDefault: true })
    .addCommand(listOwedCommand());
}
