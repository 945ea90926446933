import { LogError } from "@downbeat/message-log";
import { CommandFailure } from "../failure.ts";
import { EmbeddedLogOpenError } from "../wiring.ts";

/** A failure of the log as one of the command, with a status of its own where docs/cli.md has one. */
export function logFailure(error: unknown): unknown {
  if (error instanceof EmbeddedLogOpenError) return new CommandFailure("failed", error.message);
  if (!(error instanceof LogError)) return error;
  switch (error.code) {
    case "missing":
      return new CommandFailure("notFound", error.message);
    case "conflict":
    case "invalid":
      return new CommandFailure("usage", error.message);
    default:
      return new CommandFailure("failed", error.message);
  }
}
