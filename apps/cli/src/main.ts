import { CommanderError } from "commander";
import { dropEmptyVariables } from "./env.ts";
import { CommandFailure, exitStatus } from "./failure.ts";
import { checkArguments } from "./input/read-text.ts";
import { printNote } from "./output/print.ts";
import { downbeatProgram } from "./program.ts";

// Whoever reads along may have seen enough: `downbeat runs list | head -1`.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? 0 : exitStatus.failed),
);

try {
  dropEmptyVariables();
  const words = process.argv.slice(2);
  checkArguments(words);
  await (await downbeatProgram(words[0])).parseAsync();
} catch (error) {
  // Commander has said what was wrong with the command line itself.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : exitStatus.usage);
  const message = error instanceof Error ? error.message : String(error);
  // What was found wrong may have been printed already.
  if (message !== "") printNote(message);
  process.exit(error instanceof CommandFailure ? error.exitStatus : exitStatus.failed);
}
