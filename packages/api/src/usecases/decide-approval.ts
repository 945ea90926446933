import { approvalProblem } from "@downbeat/domain";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { KnownApproval } from "../approvals/approval-fold.ts";
import { approvalView, requireDeciding } from "../approvals/approval-view.ts";
import { carryOut } from "../approvals/carry-out.ts";
import { requirePerson } from "../approvals/person.ts";
import type { Context } from "../context.ts";
import { reason } from "../inputs.ts";
import type { DecideApprovalAnswer } from "../views.ts";
import { requireApproval } from "./list-approvals.ts";

const id = z.string().min(1).max(100);

export const ApproveRequest = z.object({
  id,
  /** As `approvals.list` and `approvals.get` show it: of what was looked at. */
  digest: z.string().min(1).max(100),
  reason: z.string().trim().max(1_000).default(""),
});

export const RejectRequest = z.object({ id, reason });

export const WithdrawRequest = z.object({ id });

/** Agrees to what another person asked for, and does it at once. */
export async function approveRequest(
  context: Context,
  { id, digest, reason }: z.infer<typeof ApproveRequest>,
): Promise<DecideApprovalAnswer> {
  const known = await requireApproval(context, id);
  const word = requireDeciding(context, known, "approved", digest, reason);
  const { approvals } = context;
  if (known.targets !== undefined && approvals.targetsOf(id) === undefined)
    throw new ApiError("badInput", "Its targets are no longer kept: request it again.");
  await approvals.append(word);
  const counts = isBy(approvals.of(id), word);
  // What the log holds is done, by another server if not by this one.
  if (counts)
    await carryOut(context, id).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
    });
  return answer(context, id, counts ? "approved" : "conflict");
}

export async function rejectRequest(
  context: Context,
  { id, reason }: z.infer<typeof RejectRequest>,
): Promise<DecideApprovalAnswer> {
  const known = await requireApproval(context, id);
  const word = requireDeciding(context, known, "rejected", known.approval.digest, reason);
  await context.approvals.append(word);
  return answer(context, id, isBy(context.approvals.of(id), word) ? "rejected" : "conflict");
}

/** Who asked for it asks no more. */
export async function withdrawRequest(
  context: Context,
  { id }: z.infer<typeof WithdrawRequest>,
): Promise<DecideApprovalAnswer> {
  const { approval } = await requireApproval(context, id);
  const word = { type: "withdrawn", id, by: requirePerson(context), at: context.now() } as const;
  const problem = approvalProblem(approval, word);
  if (problem !== undefined) throw new ApiError("badInput", problem);
  await context.approvals.append(word);
  return answer(context, id, isBy(context.approvals.of(id), word) ? "withdrawn" : "conflict");
}

/** Whether it is this word that counts: somebody else's may have come before. */
function isBy(
  known: KnownApproval | undefined,
  { type, by, at }: { readonly type: string; readonly by: { readonly id: string }; readonly at: number },
): boolean {
  if (known === undefined) return false;
  const { status, decision } = known.approval;
  const isSaid = status === type || (type === "approved" && status === "executed");
  return isSaid && decision?.by.id === by.id && decision.at === at;
}

async function answer(
  context: Context,
  id: string,
  outcome: DecideApprovalAnswer["outcome"],
): Promise<DecideApprovalAnswer> {
  return { outcome, request: approvalView(context, await requireApproval(context, id)) };
}
