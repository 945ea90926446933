import type { AnyRunCommand } from "../run/commands.ts";

/** With what a server sends a command that needs a second person, or of which it has looked whether it does. */
export interface Evidence {
  /** What was approved; absent where the server let it through without. */
  readonly requestId?: string;
  /** Who approved it, as history names them. */
  readonly by?: string;
  /** The command is nothing after it, ms since the epoch. */
  readonly until: number;
  /** Of the server, over the command and all of the evidence; absent where no keys are configured. */
  readonly seal?: string;
}

/** What an engine lets nobody do alone. Of bulk actions it knows no number: it takes those that a server let through. */
export interface EngineRule {
  readonly terminate: boolean;
  readonly complete: boolean;
  readonly bulk: boolean;
}

export interface EvidenceCheck {
  readonly rule: EngineRule;
  /** Name of the workflow that acts on many. */
  readonly bulkWorkflow: string;
  /** Whether the seal is that of a server, over all of the command; absent where no keys are configured. */
  readonly isSealed?: ((command: GuardedCommand) => boolean) | undefined;
}

const how = "Ask for it in the dashboard or on the command line, and have another person approve it.";

/** Why the command isn't carried out, in sentences; `undefined` where nothing is missing. @param at the partition's time, ms since the epoch */
export function evidenceProblem(
  command: AnyRunCommand,
  { rule, bulkWorkflow, isSealed }: EvidenceCheck,
  at: number,
): string | undefined {
  if (command.type === "RepairRun" && command.outcome === "closed" && rule.terminate)
    return "Terminating a run needs a second person, and closing it as its repair would end it as well. Terminate it instead: that can be asked for.";
  if (command.type !== "TerminateRun" && command.type !== "CompleteJob" && command.type !== "StartRun")
    return undefined;
  const guarded = whatIsGuarded(command, rule, bulkWorkflow);
  if (guarded === undefined) return undefined;
  const { approval } = command;
  if (approval === undefined) return `${guarded}, and nobody has approved this. ${how}`;
  if (command.type !== "StartRun" && (approval.requestId === undefined || approval.by === undefined))
    return `${guarded}, and what came with it names nobody who approved it. ${how}`;
  if (approval.by !== undefined && personOf(approval.by) === personOf(askedBy(command)))
    return `${guarded}, and whoever asked for it approved it. Another person has to.`;
  if (at > approval.until) return `${guarded}, and the time of its approval is over. ${how}`;
  if (isSealed === undefined || isSealed(command)) return undefined;
  return approval.seal === undefined
    ? `${guarded}, and its approval is not signed by a server. Give servers the record keys that this engine has.`
    : `${guarded}, and the signature of its approval is not that of what it says. ${how}`;
}

/** Of what may need a second person. */
export type GuardedCommand = Extract<AnyRunCommand, { type: "TerminateRun" | "CompleteJob" | "StartRun" }>;

function whatIsGuarded(command: GuardedCommand, rule: EngineRule, bulkWorkflow: string): string | undefined {
  switch (command.type) {
    case "TerminateRun":
      return rule.terminate ? "Terminating a run needs a second person" : undefined;
    case "CompleteJob":
      return rule.complete ? "Completing a job with a value needs a second person" : undefined;
    case "StartRun":
      return rule.bulk && command.workflow === bulkWorkflow
        ? "A bulk action is begun by servers, which know whether it needs a second person"
        : undefined;
  }
}

function askedBy(command: GuardedCommand): string {
  return command.type === "StartRun" ? (command.startedBy ?? "") : command.action.actor;
}

/** What stands in angle brackets is one person's alone; the name before it proves nothing. */
function personOf(actor: string): string {
  return /<([^<>]+)>$/.exec(actor)?.[1] ?? actor;
}
