import { randomUUID } from "node:crypto";
import type { RunCommand } from "@downbeat/domain";
import { encodeCommand, InvalidCommand } from "@downbeat/protocol";
import { shownText } from "../thrown/shown-value.ts";
import { RunRefusedError } from "./errors.ts";

/** What is left to say of a command when the client names it. */
export type CommandBody = RunCommand extends infer Command
  ? Command extends unknown
    ? Omit<Command, "commandId">
    : never
  : never;

/** What the engine would put into quarantine has no answer to wait for. */
export function nameCommand(body: CommandBody): RunCommand {
  const given: unknown = body;
  if (typeof given !== "object" || given === null)
    throw new TypeError(`send() takes a command, and was given ${shownText(given, 100)}.`);
  const command = { ...body, commandId: `${body.type}/${randomUUID()}` } as RunCommand;
  try {
    encodeCommand(command);
    return command;
  } catch (error) {
    if (!(error instanceof InvalidCommand)) throw error;
    throw new RunRefusedError("InvalidInput", error.message, command.runId);
  }
}
