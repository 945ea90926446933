import { partitionOf } from "@downbeat/domain";
import { type InboxCommand, type ParsedInboxMessage, parseInboxMessage } from "@downbeat/protocol";

/** What an inbox message asks of this partition. A run lives in one partition; in another one it would be a second run of the same name. */
export function ownCommands(payload: Uint8Array, partition: number, partitions: number): ParsedInboxMessage {
  const parsed = parseInboxMessage(payload);
  const commands: InboxCommand[] = [];
  const malformed = [...parsed.malformed];
  for (const command of parsed.commands) {
    const home = command.type === "Tick" ? partition : partitionOf(command.runId, partitions);
    if (home === partition) commands.push(command);
    else {
      const reason = `${command.type} of a run that belongs to partition ${home} of ${partitions}, not to ${partition}`;
      malformed.push({ reason, text: JSON.stringify(command) });
    }
  }
  return { commands, malformed };
}
