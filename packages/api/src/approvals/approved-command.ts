import { carriedOutBefore, type Evidence } from "@downbeat/domain";
import type { ApprovedCommand, Seals } from "@downbeat/protocol";
import type { Context } from "../context.ts";
import type { KnownApproval } from "./approval-fold.ts";

/** A bulk action that one person may have is begun within so long, ms. */
const letThroughMs = 600_000;
/** What is done to one run is decided within so long of being sent, ms: refused then, it can't be sent again by others later. */
const decidedWithinMs = 600_000;
const longestReason = 1_000;

/** The command as the engine takes it: the one that was asked for, with who approved it. @param now when it is sent, ms since the epoch */
export function approvedCommand(
  { approval, command }: KnownApproval,
  seals: Seals | undefined,
  now: number,
): ApprovedCommand {
  const { id, decision } = approval;
  const evidence = { requestId: id, by: decision?.by.actor ?? "", until: carriedOutBefore(approval) };
  if (command.type === "StartRun") return withEvidence(command, evidence, seals);
  const { action } = command;
  const reason = approvedReason(action.reason, decision?.by.actor);
  const until = Math.min(evidence.until, now + decidedWithinMs);
  return withEvidence({ ...command, action: { ...action, reason } }, { ...evidence, until }, seals);
}

/** A bulk action for which nobody else is needed: engines can't count what it acts on. */
export function letThrough<Command extends ApprovedCommand>(
  { approvals, now }: Pick<Context, "approvals" | "now">,
  command: Command,
): Command {
  if (approvals.rule === undefined) return command;
  return withEvidence(command, { until: now() + letThroughMs }, approvals.seals);
}

/** What an approved bulk action does to one of its targets. */
export function withApprovalOf<Command extends ApprovedCommand>(
  command: Command,
  { approval }: KnownApproval,
  seals: Seals | undefined,
  until: number,
): Command {
  const { id, decision } = approval;
  return withEvidence(command, { requestId: id, by: decision?.by.actor ?? "", until }, seals);
}

function withEvidence<Command extends ApprovedCommand>(
  command: Command,
  evidence: Omit<Evidence, "seal">,
  seals: Seals | undefined,
): Command {
  const unsealed = { ...command, approval: evidence };
  const seal = seals?.seal("command", unsealed);
  return seal === undefined ? unsealed : { ...command, approval: { ...evidence, seal } };
}

/** As history tells it: who did it and why, and who agreed. */
export function approvedReason(reason: string, by = ""): string {
  const end = ` (approved by ${by})`;
  const room = longestReason - end.length;
  const short =
    reason.length <= room ? reason : `${reason.slice(0, room - 1).replace(/[\ud800-\udbff]$/, "")}…`;
  return short + end;
}
