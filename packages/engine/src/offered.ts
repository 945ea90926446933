import type { AnyRunCommand } from "@downbeat/domain";
import type { Offer } from "@downbeat/protocol";

/** What of the command the workflow code has to be able to take; nothing for most. */
export function offered(command: AnyRunCommand): Offer | undefined {
  switch (command.type) {
    case "CompleteJob":
      return { type: "jobOutput", jobId: command.jobId, output: command.output };
    case "RetryJob":
      return command.input === undefined
        ? undefined
        : { type: "jobInput", jobId: command.jobId, input: command.input };
    case "SendSignal":
      return { type: "signal", name: command.name, payload: command.payload };
    default:
      return undefined;
  }
}
