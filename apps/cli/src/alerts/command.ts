import { Command } from "commander";
import { deleteAlertCommand } from "./delete.ts";
import { incidentsCommand } from "./incidents.ts";
import { listAlertsCommand } from "./list.ts";
import { saveAlertCommand } from "./save.ts";
import { silenceAlertCommand } from "./silence.ts";
import { testChannelCommand } from "./test-channel.ts";

export function alertsCommand(): Command {
  return new Command("alerts")
    .description("Alert rules, their incidents, and who was notified")
    .addCommand(listAlertsCommand())
    .addCommand(incidentsCommand())
    .addCommand(saveAlertCommand())
    .addCommand(silenceAlertCommand())
    .addCommand(deleteAlertCommand())
    .addCommand(testChannelCommand());
}
