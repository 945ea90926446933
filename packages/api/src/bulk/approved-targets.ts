import type { KnownApproval } from "../approvals/approval-fold.ts";
import type { Context } from "../context.ts";
import { bulkInputOf } from "./fold-bulk.ts";
import type { TargetPage } from "./order.ts";

/** The approval by which a bulk action goes on: of this very run with this very input. `undefined` where there is none. */
export async function approvalOf(
  { approvals, readModel }: Pick<Context, "approvals" | "readModel">,
  bulkId: string,
): Promise<KnownApproval | undefined> {
  const run = readModel.run(bulkId);
  const request = run === undefined ? undefined : bulkInputOf(run)?.request;
  if (run === undefined || request === undefined) return undefined;
  await approvals.all();
  const known = approvals.of(request);
  if (known?.command.type !== "StartRun") return undefined;
  const { approval, command } = known;
  const isOfRun = command.runId === bulkId && command.input === run.input;
  const isApproved = approval.status === "approved" || approval.status === "executed";
  return isOfRun && isApproved ? known : undefined;
}

/** The next of what another person approved. @throws Error where this server doesn't find it: it is tried again */
export async function approvedTargets(
  context: Pick<Context, "approvals" | "readModel">,
  bulkId: string,
  after = "0",
): Promise<TargetPage> {
  const known = await approvalOf(context, bulkId);
  const parts = known && context.approvals.targetsOf(known.approval.id);
  const part = Number(after);
  const found = parts?.[part];
  if (parts === undefined || found === undefined)
    throw new Error(`What was approved for ${bulkId} is not found in the log's topic of approvals.`);
  return {
    targets: [...found],
    ...(part + 1 < parts.length && { cursor: String(part + 1) }),
  };
}
