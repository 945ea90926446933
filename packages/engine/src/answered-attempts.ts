import type { AnyRunCommand } from "@downbeat/domain";

type Result = Extract<AnyRunCommand, { readonly worker: string }>;

/** Which of the commands only say that an attempt begins whose result is among those after it. */
export function answeredAttempts(commands: readonly AnyRunCommand[]): (index: number) => boolean {
  const results = new Map<string, number>();
  commands.forEach((command, index) => {
    if (
      command.type === "CompleteAttempt" ||
      command.type === "FailAttempt" ||
      command.type === "RejectAttempt"
    )
      results.set(attemptOf(command), index);
  });
  return (index) => {
    const command = commands[index];
    if (results.size === 0 || command?.type !== "HeartbeatAttempt" || command.begins !== true) return false;
    // Of one that came back its worker waits for the answer.
    return command.redelivered === undefined && (results.get(attemptOf(command)) ?? -1) > index;
  };
}

function attemptOf({ runId, jobId, attempt, worker }: Result): string {
  return `${runId} ${jobId}/${attempt} ${worker}`;
}
