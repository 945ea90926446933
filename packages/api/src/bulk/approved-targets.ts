import { targetsDigest } from "@downbeat/protocol";
import type { KnownApproval } from "../approvals/approval-fold.ts";
import type { Context } from "../context.ts";
import type { RunView } from "../views.ts";
import { listedPages } from "./fold-bulk.ts";
import { type BulkInput, type BulkTarget, keyOf, type PartInput, type TargetPage } from "./order.ts";

type Knowing = Pick<Context, "approvals">;

/** A bulk action, and what it began with: that alone is sealed. What its jobs are given later anybody could have written. */
export interface BegunBulk {
  readonly run: Pick<RunView, "runId" | "input" | "startedBy" | "rows">;
  readonly input: BulkInput;
}

/**
 * The approval by which a part is carried out; `undefined` where none is needed.
 *
 * @throws Error where the part is not what the bulk action began with, or not what another person approved
 */
export async function approvalOfPart(
  context: Knowing,
  bulk: BegunBulk,
  part: PartInput,
): Promise<KnownApproval | undefined> {
  const { runId } = bulk.run;
  const { order, request, atMost } = bulk.input;
  if (givenIn(part.order) !== givenIn(order))
    throw new Error(
      `What a part of ${runId} is to do is not what the bulk action began with. Nothing is done.`,
    );
  if (atMost !== undefined && part.from + part.targets.length > atMost)
    throw new Error(
      `${runId} was let through for at most ${atMost} targets, and a part goes beyond. Nothing is done.`,
    );
  if (request === undefined) return undefined;
  const known = await approvalOf(context, bulk);
  const approved = (known && fixedTargets(context, bulk, known))?.flat();
  if (known === undefined || approved === undefined) throw new Error(notFound(runId));
  const isApproved = (target: BulkTarget, index: number) => {
    const fixed = approved[part.from + index];
    return fixed !== undefined && keyOf(fixed) === keyOf(target);
  };
  if (!part.targets.every(isApproved))
    throw new Error(`A part of ${runId} has targets that nobody approved. Nothing is done to any of them.`);
  return known;
}

/** The next of what another person approved. @throws Error where this server doesn't find it: it is tried again */
export async function approvedTargets(context: Knowing, bulk: BegunBulk, after = "0"): Promise<TargetPage> {
  const known = await approvalOf(context, bulk);
  const parts = known && context.approvals.targetsOf(known.approval.id);
  const part = Number(after);
  const found = parts?.[part];
  if (parts === undefined || found === undefined) throw new Error(notFound(bulk.run.runId));
  return {
    targets: [...found],
    ...(part + 1 < parts.length && { cursor: String(part + 1) }),
  };
}

/** Of this very run with this very input. `undefined` where there is none. */
async function approvalOf(
  { approvals }: Knowing,
  { run, input }: BegunBulk,
): Promise<KnownApproval | undefined> {
  await approvals.all();
  const known = approvals.of(input.request ?? "");
  if (known?.command.type !== "StartRun") return undefined;
  const { approval, command } = known;
  const isOfRun = command.runId === run.runId && command.input === run.input;
  const isApproved = approval.status === "approved" || approval.status === "executed";
  return isOfRun && isApproved ? known : undefined;
}

/** What the run has listed is as good where it is what was approved, and stays where the list of the request has given way to others. */
function fixedTargets(
  { approvals }: Knowing,
  { run }: BegunBulk,
  { approval, targets }: KnownApproval,
): readonly (readonly BulkTarget[])[] | undefined {
  const kept = approvals.targetsOf(approval.id);
  if (kept !== undefined || targets === undefined) return kept;
  const pages = listedPages(run).map((page) => page.targets);
  return targetsDigest(pages) === targets.sha ? pages : undefined;
}

function givenIn({ verb, reason, output, signal }: PartInput["order"]): string {
  return JSON.stringify([verb, reason, output, signal?.name, signal?.payload]);
}

function notFound(runId: string): string {
  return `What was approved for ${runId} is not found in the log's topic of approvals.`;
}
