import { Command, InvalidArgumentError } from "commander";
import { start } from "./start.ts";

export function startCommand(): Command {
  return new Command("start")
    .description(
      "Run everything on this machine: engine with the embedded log, server, dashboard and the example",
    )
    .option("--port <number>", "where the dashboard listens", number(0, 65_535), 3000)
    .option("--host <address>", "a loopback address; others are refused until there is sign-in", "127.0.0.1")
    .option("--data-dir <path>", "where the log, its caches and the log files are kept", ".downbeat")
    .option(
      "--log-port <number>",
      "where the log is served to your own services; a free one when taken",
      number(1, 65_535),
      8080,
    )
    .option("--rate <number>", "bookings a second that the example makes", number(0.01, 10_000), 2)
    .option("--no-demo", "without the example's bookings")
    .action((options) => start(options));
}

function number(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= low && value <= high))
      throw new InvalidArgumentError(`A number from ${low} to ${high}.`);
    return value;
  };
}
