import { allowed, router } from "../trpc.ts";
import {
  ApproveRequest,
  approveRequest,
  RejectRequest,
  rejectRequest,
  WithdrawRequest,
  withdrawRequest,
} from "../usecases/decide-approval.ts";
import {
  GetApproval,
  getApproval,
  ListApprovals,
  ListApprovalTargets,
  listApprovals,
  listApprovalTargets,
} from "../usecases/list-approvals.ts";

/** Which of them one may decide is for each to say, as it is for doing it alone. */
export const approvalsRouter = router({
  list: allowed("see")
    .input(ListApprovals)
    .query(({ ctx, input }) => listApprovals(ctx, input)),
  get: allowed("see")
    .input(GetApproval)
    .query(({ ctx, input }) => getApproval(ctx, input)),
  targets: allowed("see")
    .input(ListApprovalTargets)
    .query(({ ctx, input }) => listApprovalTargets(ctx, input)),
  approve: allowed("decideApprovals")
    .input(ApproveRequest)
    .mutation(({ ctx, input }) => approveRequest(ctx, input)),
  reject: allowed("decideApprovals")
    .input(RejectRequest)
    .mutation(({ ctx, input }) => rejectRequest(ctx, input)),
  withdraw: allowed("decideApprovals")
    .input(WithdrawRequest)
    .mutation(({ ctx, input }) => withdrawRequest(ctx, input)),
});
