import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";

export function testChannelCommand(): Command {
  return withApi(
    new Command("test")
      .description("Send a test message through one of the server's channels")
      .argument("<channel>", "its name in alerts list"),
  ).action(testChannel);
}

async function testChannel(channel: string, options: ApiOptions): Promise<void> {
  const answer = await ask(options, (api) => api.alerts.test.mutate({ channel }));
  if (options.json) return printJson(answer);
  printLine(`Delivered to ${channel}.`);
}
