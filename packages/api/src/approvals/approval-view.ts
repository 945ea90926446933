import { type ApprovalEvent, approvalProblem, approvalStatus } from "@downbeat/domain";
import { ApiError } from "../api-error.ts";
import { bulkInput, permissionOf } from "../bulk/order.ts";
import type { Context } from "../context.ts";
import { forbidden, may } from "../permissions/policy.ts";
import type { ApprovalView, BulkVerb } from "../views.ts";
import type { KnownApproval } from "./approval-fold.ts";
import { requirePerson } from "./person.ts";

/** As whoever asks sees it. */
export function approvalView(context: Context, known: KnownApproval): ApprovalView {
  const { approval, targets } = known;
  const { id, digest, requestedBy, requestedAt, expiresAt, decision, execution } = approval;
  const refusal = refusalOf(context, known);
  return {
    id,
    digest,
    ...whatOf(context, known),
    ...(targets !== undefined && { targets: targets.count }),
    requestedBy: requestedBy.actor,
    requestedAt,
    expiresAt,
    status: approvalStatus(approval, context.now()),
    ...(decision !== undefined && { decision: { ...decision, by: decision.by.actor } }),
    ...(execution !== undefined && { execution }),
    isOwn: isOwn(context, known),
    ...(refusal !== undefined && { refusal }),
  };
}

type What = Pick<
  ApprovalView,
  | "verb"
  | "runId"
  | "workflow"
  | "jobId"
  | "bulkId"
  | "about"
  | "output"
  | "signal"
  | "canary"
  | "perMinute"
  | "startAt"
  | "reason"
>;

function whatOf({ readModel }: Context, { command }: KnownApproval): What {
  if (command.type === "StartRun") {
    const order = orderOf(command.input);
    if (order === undefined) return { verb: "runAgain", bulkId: command.runId, reason: "" };
    const { verb, about, output, signal, canary, perMinute, startAt, reason } = order;
    return {
      verb,
      bulkId: command.runId,
      reason,
      ...(about !== "" && { about }),
      ...(output !== undefined && { output }),
      ...(signal !== undefined && { signal }),
      ...(canary !== undefined && { canary }),
      ...(perMinute !== undefined && { perMinute }),
      ...(startAt !== undefined && { startAt }),
    };
  }
  const { runId, action } = command;
  const workflow = readModel.summaries([runId])[0]?.workflow;
  return {
    verb: verbOf({ command }),
    runId,
    ...(workflow !== undefined && { workflow }),
    reason: action.reason,
    ...(command.type === "CompleteJob" && { jobId: command.jobId, output: command.output }),
  };
}

function orderOf(input: string) {
  try {
    return bulkInput.safeParse(JSON.parse(input)).data?.order;
  } catch {
    return undefined;
  }
}

export function verbOf({ command }: Pick<KnownApproval, "command">): BulkVerb {
  if (command.type === "TerminateRun") return "terminateRun";
  if (command.type === "CompleteJob") return "completeJob";
  return orderOf(command.input)?.verb ?? "runAgain";
}

function isOwn(context: Context, { approval }: KnownApproval): boolean {
  const { signedIn, actor } = context;
  const id = signedIn === undefined ? actor : (signedIn.person ?? signedIn.id);
  return id === approval.requestedBy.id;
}

/** Why whoever asks can't approve it. */
function refusalOf(context: Context, known: KnownApproval): string | undefined {
  try {
    requireDeciding(context, known, "approved", known.approval.digest);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

/**
 * What is said of a request, by somebody who may say it. Who could do it alone may agree to it.
 *
 * @throws ApiError with what is lacking
 */
export function requireDeciding(
  context: Context,
  { approval, command }: KnownApproval,
  type: "approved" | "rejected",
  digest: string,
  reason = "",
): Extract<ApprovalEvent, { type: "approved" | "rejected" }> {
  const permission = permissionOf[verbOf({ command })];
  if (!may(context.role, permission)) throw new ApiError("forbidden", forbidden(permission));
  const said = { id: approval.id, by: requirePerson(context), at: context.now(), reason };
  const event = type === "approved" ? { type, ...said, digest } : { type, ...said };
  const problem = approvalProblem(approval, event);
  if (problem !== undefined) throw new ApiError("badInput", problem);
  return event;
}
