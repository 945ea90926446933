import { type ApprovedOutcome, approvalStatus } from "@downbeat/domain";
import { longestAuditText } from "@downbeat/protocol";
import { ApiError } from "../api-error.ts";
import { cut } from "../audit/asked-of.ts";
import { requireRun } from "../commands/existing-run.ts";
import { type Submission, sameAction, submit } from "../commands/submit.ts";
import type { Context, Services } from "../context.ts";
import type { ActionOutcome } from "../views.ts";
import type { KnownApproval } from "./approval-fold.ts";
import { verbOf } from "./approval-view.ts";
import { approvedCommand } from "./approved-command.ts";

/**
 * Does what was approved, as who asked for it, and keeps what came of it. It is done once however often this is called, by whichever server: the engine knows the
 * action by its id. What nobody knows yet is looked for by the next call, and once the time is over, what was done before that.
 *
 * @throws ApiError where the log can't be reached
 */
export async function carryOut(services: Services, id: string): Promise<void> {
  const known = services.approvals.of(id);
  if (known === undefined || known.approval.status !== "approved") return;
  const { approval } = known;
  const context: Context = { ...services, actor: approval.requestedBy.actor, role: "admin" };
  const outcome = await outcomeOf(context, known);
  if (outcome === undefined) return;
  await services.approvals.append({ type: "executed", id, at: services.now(), outcome });
  note(context, id, outcome);
}

async function outcomeOf(context: Context, known: KnownApproval): Promise<ApprovedOutcome | undefined> {
  const submission = submissionOf(context, known);
  const { command, actionId } = submission;
  try {
    const before = context.readModel.action(command.runId, actionId);
    if (before !== undefined) return approvedOutcome(sameAction(before, submission).outcome);
    if (approvalStatus(known.approval, context.now()) !== "approved") return undefined;
    if (command.type !== "StartRun") requireRun(context, command.runId);
    return approvedOutcome((await submit(context, submission)).outcome);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === "unavailable") throw error;
    return { is: "refused", why: error.message };
  }
}

function submissionOf(context: Context, known: KnownApproval): Submission {
  const command = approvedCommand(known, context.approvals.seals, context.now());
  const isBulk = command.type === "StartRun";
  return {
    command,
    // Its evidence is another one at each call.
    asked: known.command,
    actionId: command.commandId,
    verb: isBulk ? "startRun" : command.type === "TerminateRun" ? "terminateRun" : "completeJob",
    reason: isBulk ? "" : command.action.reason,
    ...(command.type === "CompleteJob" && { jobId: command.jobId }),
  };
}

function approvedOutcome(outcome: ActionOutcome): ApprovedOutcome | undefined {
  switch (outcome.type) {
    case "pending":
    case "requested":
      return undefined;
    case "lost":
      return { is: "refused", why: "It was taken out of the log before an engine read it." };
    case "refused":
      return { is: "refused", why: outcome.message };
    case "accepted":
    case "existed":
    case "inProgress":
    case "recovered":
    case "failedAgain":
      return { is: "done" };
  }
}

function note({ audit, approvals }: Context, id: string, outcome: ApprovedOutcome): void {
  const known = approvals.of(id);
  if (known === undefined) return;
  const { approval, command, targets } = known;
  const { requestedBy, decision, execution } = approval;
  // Another server was quicker, and has told it.
  if (execution?.outcome !== outcome && JSON.stringify(execution?.outcome) !== JSON.stringify(outcome))
    return;
  const runId = { what: command.type === "StartRun" ? "bulk action" : "run", id: command.runId };
  const { why = "" } = outcome;
  audit.note(
    audit.entryOf({
      who: { id: requestedBy.id, name: requestedBy.actor },
      verb: "approvals.carryOut",
      on: [{ what: "request", id }, runId],
      given: [
        { field: "verb", is: verbOf({ command }) },
        { field: "approvedBy", is: cut(decision?.by.actor ?? "", longestAuditText) },
        ...(targets === undefined ? [] : [{ field: "targets", is: String(targets.count) }]),
      ],
      outcome: outcome.is === "done" ? { is: "done" } : { is: "refused", why: cut(why, longestAuditText) },
    }),
  );
}
