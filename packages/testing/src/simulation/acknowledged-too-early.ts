import { type AcceptCursor, accept, emptyCursor } from "@downbeat/domain";
import { parseHistoryRecord, parseInboxMessage, parseJobMessage, topics } from "@downbeat/protocol";
import type { Schedule } from "./schedule.ts";

/** I10, at the moment of an acknowledgement: what the message asked for is in accepted history, and its effects are published. */
export function acknowledgedTooEarly(schedule: Schedule, topic: string, index: number): string | undefined {
  const partition = /^inbox-partition-(\d+)$/.exec(topic)?.[1];
  const message = schedule.log.messages(topic)[index];
  if (partition === undefined || message === undefined) return undefined;
  const { commands } = parseInboxMessage(message.payload);
  const wanted = new Map<string, string>();
  for (const command of commands) {
    const mustBeRecorded =
      command.type === "StartRun" || command.type === "SendSignal" || "action" in command;
    if (mustBeRecorded) wanted.set(command.commandId, command.type);
  }
  if (wanted.size === 0) return undefined;
  const dispatched = dispatchedAttempts(schedule);
  let cursor: AcceptCursor = emptyCursor;
  for (const record of schedule.log.messages(topics.history(Number(partition)))) {
    const parsed = parseHistoryRecord(record.payload);
    const next = parsed === undefined ? undefined : accept(cursor, parsed);
    if (parsed === undefined || next === undefined) continue;
    cursor = next;
    if (parsed.kind === "claim") continue;
    for (const { runId, inputId, events } of parsed.decisions) {
      const type = wanted.get(inputId);
      if (type === undefined) continue;
      wanted.delete(inputId);
      for (const event of events) {
        if (event.type !== "AttemptRequested" || dispatched.has(`${runId}/${event.jobId}/${event.attempt}`))
          continue;
        return `I10: ${type} was acknowledged before its effects were published`;
      }
    }
  }
  for (const type of wanted.values())
    return `I10: ${type} was acknowledged before it was in accepted history`;
  return undefined;
}

function dispatchedAttempts(schedule: Schedule): Set<string> {
  const ids = new Set<string>();
  for (const [name, topic] of schedule.log.topics) {
    if (!name.startsWith("jobs-")) continue;
    for (const { key, payload } of topic.messages) {
      const { attempt } = parseJobMessage(payload);
      ids.add(`${key}/${attempt}`);
    }
  }
  return ids;
}
