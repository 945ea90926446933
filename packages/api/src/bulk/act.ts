import { createHash } from "node:crypto";
import type { RunCommand } from "@downbeat/domain";
import type { ApprovedCommand } from "@downbeat/protocol";
import { ApiError } from "../api-error.ts";
import type { KnownApproval } from "../approvals/approval-fold.ts";
import { approvedReason, withApprovalOf } from "../approvals/approved-command.ts";
import { awaitOutcome } from "../commands/await-outcome.ts";
import { requireRun } from "../commands/existing-run.ts";
import { type Submission, submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { findEvents } from "../events-elsewhere.ts";
import type { ActionOutcome, BulkVerb } from "../views.ts";
import { givenInBulk } from "./given-in-bulk.ts";
import type { BulkTarget, PartInput } from "./order.ts";
import { refuseBuiltIn } from "./refuse-built-in.ts";

/** One target of a bulk action, and what is done to it. */
export interface BulkAim {
  readonly bulkId: string;
  readonly order: PartInput["order"];
  readonly number: number;
  readonly target: BulkTarget;
  /** Where another person had to agree. */
  readonly approval?: KnownApproval;
}

/** A command of an approved bulk action is decided within so long, ms: a day without engines, and some time to get over it. What was done by then isn't done again, as the action's id says. */
const decidedWithinMs = 26 * 3_600_000;

/** The same for every attempt, so that nothing is done twice. */
export function actionIdOf({ bulkId, number }: Pick<BulkAim, "bulkId" | "number">): string {
  return `${bulkId}-${number}`;
}

/** The run that the outcome is found in: one that is run again is another. */
export function actedOn(
  aim: Pick<BulkAim, "bulkId" | "number" | "target"> & { readonly order: { readonly verb: BulkVerb } },
): string {
  return aim.order.verb === "runAgain" ? actionIdOf(aim) : aim.target[0];
}

/**
 * Does it to one target and says what came of it; what can't be asked for is refused, and history need not know of it.
 *
 * @throws ApiError("unavailable") when the log can't be reached: it is done again later
 */
export async function actOn(context: Context, aim: BulkAim): Promise<ActionOutcome> {
  try {
    requireRun(context, aim.target[0]);
    refuseBuiltIn(context, aim.target[0]);
    if (aim.order.verb === "runAgain") await findInput(context, aim.target[0]);
    if (aim.order.verb === "retryJob") requireStuck(context, aim);
    return (await submit(context, await submissionOf(context, aim))).outcome;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === "unavailable") throw error;
    return { type: "refused", code: "Unprocessable", message: error.message };
  }
}

/** What history says of it, once nothing more is to come of it or the time is up. */
export async function outcomeIn(
  context: Context,
  aim: BulkAim,
  ms: number,
): Promise<ActionOutcome | undefined> {
  const action = { runId: actedOn(aim), actionId: actionIdOf(aim) };
  const come = await awaitOutcome(context, action.runId, action.actionId, { until: "settled", ms });
  if (come !== undefined) context.sent.answered(come);
  return (come ?? (await context.sent.stateOf(action)))?.outcome;
}

async function submissionOf(context: Context, aim: BulkAim): Promise<Submission> {
  const { order, approval } = aim;
  const [runId, jobId = ""] = aim.target;
  const { verb } = order;
  const reason =
    approval === undefined
      ? order.reason
      : approvedReason(order.reason, approval.approval.decision?.by.actor);
  const actionId = actionIdOf(aim);
  const base = { commandId: actionId, runId, action: { actionId, actor: context.actor, reason } };
  const approved = <Command extends ApprovedCommand>(command: Command): Command =>
    approval === undefined
      ? command
      : withApprovalOf(command, approval, context.approvals.seals, context.now() + decidedWithinMs);
  const submission = (command: RunCommand, more: Partial<Submission> = {}): Submission => ({
    command,
    actionId,
    verb: verb === "runAgain" ? "startRun" : verb,
    reason,
    ...more,
  });
  switch (verb) {
    case "retryJob":
      return submission({ type: "RetryJob", ...base, jobId }, { jobId });
    case "cancelJob":
      return submission({ type: "CancelJob", ...base, jobId }, { jobId });
    case "completeJob": {
      const { sealed, plain } = await givenInBulk(context, runId, order.output ?? "null");
      const command = { type: "CompleteJob", ...base, jobId } as const;
      return submission(approved({ ...command, output: sealed }), {
        jobId,
        asked: { ...command, output: plain },
      });
    }
    case "resumeRun":
      return submission({ type: "ResumeRun", ...base });
    case "repairRun":
      return submission({ type: "RepairRun", ...base, outcome: "cut" });
    case "cancelRun":
      return submission({ type: "CancelRun", ...base });
    case "terminateRun": {
      const command = { type: "TerminateRun", ...base } as const;
      return submission(approved(command), { asked: command });
    }
    case "sendSignal": {
      const { name = "", payload = "null" } = order.signal ?? {};
      const { sealed, plain } = await givenInBulk(context, runId, payload);
      const { actor } = context;
      const command = {
        type: "SendSignal",
        commandId: actionId,
        runId,
        signalId: actionId,
        name,
        actor,
      } as const;
      return submission({ ...command, payload: sealed }, { asked: { ...command, payload: plain } });
    }
    case "runAgain":
      return submission(startAgain(context, runId, actedOn(aim), actionId));
  }
}

/** Of a run whose events have left the read model nobody knows the input until they are found. */
async function findInput(context: Context, runId: string): Promise<void> {
  const { missing } = await findEvents(context, runId);
  if (missing !== undefined) throw new ApiError("notFound", `Its input can't be found. ${missing.why}`);
}

/** Somebody else may have retried it since the targets were listed: its attempt would be made twice. */
function requireStuck({ readModel }: Context, aim: BulkAim): void {
  const [runId, jobId] = aim.target;
  if (readModel.action(runId, actionIdOf(aim)) !== undefined) return;
  const { jobs } = readModel.openJobs({ runId, status: ["stuck"], limit: 500 });
  if (jobs.some((job) => job.jobId === jobId)) return;
  throw new ApiError("badInput", "The job is not stuck any more.");
}

function startAgain(
  { readModel, actor }: Context,
  runId: string,
  newId: string,
  commandId: string,
): RunCommand {
  const run = readModel.run(runId);
  if (run === undefined) throw new ApiError("notFound", `There is no run ${runId}.`);
  // Found a moment ago, and forgotten again by a read model that is at much else.
  if (readModel.missing(runId) !== undefined)
    throw new ApiError("unavailable", `The input of ${runId} has to be found again.`);
  const { workflow, input, labels } = run;
  return { type: "StartRun", commandId, runId: newId, workflow, input, labels, startedBy: actor };
}

export const bulkIdPattern = /^bulk-[0-9a-f]{20}$/;

/** Of the action that asked for the bulk, so that asking twice is one bulk. */
export function bulkIdOf(actionId: string): string {
  return `bulk-${createHash("sha256").update(actionId).digest("hex").slice(0, 20)}`;
}
