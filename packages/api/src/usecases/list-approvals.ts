import { approvalStatus } from "@downbeat/domain";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { approvalView } from "../approvals/approval-view.ts";
import type { Context } from "../context.ts";
import { limit } from "../inputs.ts";
import type { ApprovalList, ApprovalTargets, ApprovalView } from "../views.ts";

export const ListApprovals = z
  .object({
    /** Only those that wait for somebody. */
    waiting: z.boolean().default(false),
    limit: limit(500, 100),
  })
  .prefault({});

export const GetApproval = z.object({ id: z.string().min(1).max(100) });

export const ListApprovalTargets = GetApproval.extend({
  /** Number of a part. */
  cursor: z.number().int().min(0).nullish(),
});

export async function listApprovals(
  context: Context,
  { waiting, limit }: z.infer<typeof ListApprovals>,
): Promise<ApprovalList> {
  const { approvals, now } = context;
  const all = [...(await approvals.all())].reverse();
  const isWaiting = ({ approval }: (typeof all)[number]) => approvalStatus(approval, now()) === "waiting";
  const open = all.filter(isWaiting);
  const asked = waiting ? open : [...open, ...all.filter((each) => !isWaiting(each))];
  const openViews = open.map((each) => approvalView(context, each));
  const others = asked.slice(open.length, Math.max(open.length, limit));
  return {
    requests: [...openViews.slice(0, limit), ...others.map((each) => approvalView(context, each))],
    waiting: open.length,
    waitingForYou: openViews.filter(({ refusal }) => refusal === undefined).length,
    more: Math.max(0, asked.length - limit),
  };
}

interface ApprovalPage {
  readonly requests: readonly ApprovalView[];
  readonly cursor?: string;
  /** How many there are in all. */
  readonly count: number;
  /** Why some are missing that there were. */
  readonly cut?: string;
}

/**
 * All of them page by page, newest first whatever became of them: by that order each is met once, though people decide meanwhile.
 *
 * @param page.after id of the last of the page before
 */
export async function pageOfApprovals(
  context: Context,
  {
    waiting,
    after,
    limit,
  }: { readonly waiting: boolean; readonly after?: string | undefined; readonly limit: number },
): Promise<ApprovalPage> {
  const { approvals, now } = context;
  const newestFirst = [...(await approvals.all())].reverse();
  const isAsked = ({ approval }: (typeof newestFirst)[number]) =>
    !waiting || approvalStatus(approval, now()) === "waiting";
  const begin = after === undefined ? 0 : newestFirst.findIndex(({ approval }) => approval.id === after) + 1;
  const count = newestFirst.filter(isAsked).length;
  // It was let go of meanwhile, and where the list goes on is not known any more.
  if (after !== undefined && begin === 0) return { requests: [], count, cut: olderOnes };
  const rest = newestFirst.slice(begin).filter(isAsked);
  const page = rest.slice(0, limit);
  const last = page.at(-1)?.approval.id;
  const isForgetful = !waiting && approvals.forgot;
  return {
    requests: page.map((each) => approvalView(context, each)),
    count,
    ...(rest.length > limit && last !== undefined ? { cursor: last } : isForgetful && { cut: olderOnes }),
  };
}

const olderOnes = "Requests of before that are over are not kept here: the audit has them.";

export async function getApproval(
  context: Context,
  { id }: z.infer<typeof GetApproval>,
): Promise<ApprovalView> {
  return approvalView(context, await requireApproval(context, id));
}

/** What a bulk action would act on, or acts on: fixed when it was asked for. */
export async function listApprovalTargets(
  context: Context,
  { id, cursor }: z.infer<typeof ListApprovalTargets>,
): Promise<ApprovalTargets> {
  const { targets } = await requireApproval(context, id);
  const parts = context.approvals.targetsOf(id);
  const part = cursor ?? 0;
  const found = parts?.[part];
  if (targets === undefined || parts === undefined || found === undefined)
    throw new ApiError(
      "notFound",
      "What it acts on is not kept here any more: the run of the bulk action tells.",
    );
  return {
    targets: found.map(([runId, jobId]) => ({ runId, ...(jobId !== undefined && { jobId }) })),
    ...(part + 1 < parts.length && { cursor: part + 1 }),
  };
}

/** @throws ApiError when there is no such request */
export async function requireApproval({ approvals }: Context, id: string) {
  await approvals.all();
  const known = approvals.of(id);
  if (known === undefined) throw new ApiError("notFound", `There is no request ${id}.`);
  return known;
}
