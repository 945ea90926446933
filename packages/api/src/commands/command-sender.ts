import type { RunCommand } from "@downbeat/domain";

/** The port to the engine's inbox. */
export interface CommandSender {
  /** Resolves when the command is durable in the inbox. Rejects with `ApiError("unavailable")` when that isn't known. */
  send(command: RunCommand): Promise<void>;
}
