import type { AnyRunCommand, Outcome, RunEvent } from "@downbeat/domain";
import { longestRefusal } from "@downbeat/protocol";

type Rejected = Extract<Outcome, { type: "rejected" }>;

/** The event that answers a refused command. */
export function refusal(command: AnyRunCommand, { code, message }: Rejected): RunEvent {
  return {
    type: "CommandRefused",
    command: command.type,
    code,
    message: cut(message),
    ...("jobId" in command && { jobId: command.jobId }),
    ...("timerId" in command && { timerId: command.timerId }),
    ...("attempt" in command && { attempt: command.attempt }),
    ...("action" in command && { action: command.action }),
    ...actorOf(command),
  };
}

/** Of a command whose outcome the log can't take, for whatever reason. */
export function shortRefusal(command: AnyRunCommand, why: string): RunEvent {
  return refusal(command, {
    type: "rejected",
    code: "Unprocessable",
    message: `What came of it can't be kept in history: ${why}.`,
  });
}

/** Who asked, of what carries no action. */
function actorOf(command: AnyRunCommand): { readonly actor?: string } {
  if (command.type === "StartRun" && command.startedBy !== undefined) return { actor: command.startedBy };
  if (command.type === "SendSignal" && command.actor !== undefined) return { actor: command.actor };
  return {};
}

/** Rule 10. What is wrong with an input may be said at a length that the log can't take. */
function cut(text: string): string {
  return text.length <= longestRefusal ? text : `${text.slice(0, longestRefusal)}…`;
}
