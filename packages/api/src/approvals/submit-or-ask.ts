import { createHash } from "node:crypto";
import { approvalStatus, inputHash, whyTwo } from "@downbeat/domain";
import { type ApprovedCommand, mostTargetsInPart, targetsDigest } from "@downbeat/protocol";
import { ApiError } from "../api-error.ts";
import type { BulkTarget } from "../bulk/order.ts";
import { type Submission, submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import type { ActionView, BulkVerb } from "../views.ts";
import { type KnownApproval, mostTargetsKept } from "./approval-fold.ts";
import { requirePerson } from "./person.ts";

/** More don't wait at once: whoever decides could not look at each. */
const mostWaiting = 500;
/** Of one person, so that nobody keeps the others from asking. */
const mostWaitingOfOne = 100;

export interface Asking extends Submission {
  readonly command: ApprovedCommand;
  /** What is done, of a bulk action to each of its targets. */
  readonly intent: BulkVerb;
  /** Of a bulk action. */
  readonly targets?: readonly BulkTarget[];
}

/** Why it needs a second person, in a sentence; `undefined` where one may do it alone. */
export function whyAsked(
  { approvals }: Pick<Context, "approvals">,
  intent: BulkVerb,
  targets?: number,
): string | undefined {
  return whyTwo(approvals.rule, { verb: intent, ...(targets !== undefined && { targets }) });
}

/** Does it, or asks for somebody who agrees: then nothing is done until they do. The same action id again is the same request. */
export async function submitOrAsk(context: Context, asking: Asking): Promise<ActionView> {
  const { intent, targets, command, actionId } = asking;
  const isDone = context.readModel.action(command.runId, actionId) !== undefined;
  if (isDone || whyAsked(context, intent, targets?.length) === undefined) return submit(context, asking);
  const { approvals } = context;
  const by = requirePerson(context);
  if (approvals.seals?.canSeal === false)
    throw new ApiError(
      "unavailable",
      "No record key of this server signs, so nobody would believe that it was approved: have one sign (downbeat keys sign).",
    );
  const waiting = (await approvals.all()).filter(
    ({ approval }) => approvalStatus(approval, context.now()) === "waiting",
  );
  const id = requestIdOf(actionId);
  const before = approvals.of(id);
  if (before !== undefined) return asked(context, asking, before);
  if (waiting.length >= mostWaiting)
    throw new ApiError("badInput", `${mostWaiting} requests wait for a second person: decide some of them.`);
  if (waiting.filter(({ approval }) => approval.requestedBy.id === by.id).length >= mostWaitingOfOne)
    throw new ApiError(
      "badInput",
      `${mostWaitingOfOne} requests of yours wait for a second person: withdraw some of them, or have them decided.`,
    );
  const fixed = targets && (await fix(context, id, targets));
  const at = context.now();
  const expiresAt = at + (approvals.rule?.expiresAfterMs ?? 0);
  await approvals.append({
    type: "requested",
    id,
    by,
    at,
    expiresAt,
    command,
    ...(fixed !== undefined && { targets: fixed }),
  });
  const known = approvals.of(id);
  if (known === undefined)
    throw new ApiError("unavailable", "What was asked for was not kept: try again in a moment.");
  return asked(context, asking, known);
}

/** Of an action: asking twice is one request. */
export function requestIdOf(actionId: string): string {
  return `ask-${createHash("sha256").update(actionId).digest("hex").slice(0, 20)}`;
}

/**
 * These are acted on, and no others: what is in the log when they are asked for.
 *
 * @throws ApiError where too many are waited for
 */
async function fix({ approvals }: Context, id: string, targets: readonly BulkTarget[]) {
  const parts: BulkTarget[][] = [];
  for (let from = 0; from < targets.length; from += mostTargetsInPart)
    parts.push(targets.slice(from, from + mostTargetsInPart));
  const fixed = { count: targets.length, parts: parts.length, sha: targetsDigest(parts) };
  if (!approvals.hasRoomFor(fixed.count)) throw tooManyTargets();
  for (const [part, some] of parts.entries())
    await approvals.append({ type: "targets", id, sha: fixed.sha, part, targets: some });
  if (!approvals.hasList(id, fixed)) throw tooManyTargets();
  return fixed;
}

function tooManyTargets(): ApiError {
  return new ApiError(
    "badInput",
    `Bulk actions on ${mostTargetsKept.toLocaleString("en")} targets in all can wait for a second person or have just been approved, and with this there would be more: have some of them decided, or act on fewer.`,
  );
}

function asked({ now, actor }: Context, asking: Asking, known: KnownApproval): ActionView {
  const { actionId, verb, reason, jobId, command } = asking;
  const { approval } = known;
  if (!isSame(known.command, command))
    throw new ApiError(
      "badInput",
      `The action id ${actionId} is taken: something else was asked for with it. Nothing was done; choose another action id.`,
    );
  const { id: requestId, expiresAt, decision } = approval;
  const status = approvalStatus(approval, now());
  const isOver = status === "rejected" || status === "withdrawn" || status === "expired";
  const why = decision === undefined || decision.reason === "" ? "" : `: ${decision.reason}`;
  return {
    actionId,
    verb,
    actor,
    reason,
    at: approval.requestedAt,
    runId: command.runId,
    ...(jobId !== undefined && { jobId }),
    outcome: isOver
      ? {
          type: "refused",
          code: "Unprocessable",
          message:
            status === "expired"
              ? "Nobody approved it in time."
              : `It was ${status} by ${decision?.by.actor}${why}`,
        }
      : { type: "requested", requestId, expiresAt },
  };
}

/** Encrypted twice, a value is never the same text. */
function isSame(one: ApprovedCommand, other: ApprovedCommand): boolean {
  if (one.type !== other.type || one.runId !== other.runId) return false;
  if (one.type === "CompleteJob" && other.type === "CompleteJob")
    return one.jobId === other.jobId && inputHash(one.output) === inputHash(other.output);
  // Of a bulk action the moment of its targets differs.
  return true;
}
