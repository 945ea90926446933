import type { Context } from "../context.ts";
import type { ActionOutcome, QuarantineMark } from "../views.ts";
import type { KnownMark } from "./quarantine-mark-fold.ts";

/** What was done about an entry, with what came of it so far. */
export async function shownMark(context: Context, mark: KnownMark): Promise<QuarantineMark> {
  const { version, did, reason, by, at } = mark;
  const basics = { version, reason, by, at };
  if (did.what === "dropped") return { ...basics, did: "dropped" };
  const { command, runId, actionId, edited } = did;
  const outcome = await outcomeOf(context, { runId, actionId });
  return {
    ...basics,
    did: "sentAgain",
    sent: { command, runId, actionId, edited, ...(outcome !== undefined && { outcome }) },
  };
}

async function outcomeOf(
  { readModel, sent }: Context,
  action: { readonly runId: string; readonly actionId: string },
): Promise<ActionOutcome | undefined> {
  return (readModel.action(action.runId, action.actionId) ?? (await sent.stateOf(action)))?.outcome;
}

/** Nothing came of it, and nothing will: it may be sent once more, as another action. That nothing is known of what came of it is not that. */
function cameToNothing(mark: QuarantineMark): boolean {
  return mark.did === "dropped" || isOver(mark.sent.outcome);
}

/** Somebody did something about it, and need not do more: refused or lost is as good as not sent. */
export function isCleared(mark: QuarantineMark): boolean {
  return mark.did === "dropped" || !isOver(mark.sent.outcome);
}

const isOver = (outcome: ActionOutcome | undefined): boolean =>
  outcome?.type === "refused" || outcome?.type === "lost";

/** Why what was sent is not sent again as another action, nor dropped; `undefined` where it may be. */
export function whySentStands(mark: QuarantineMark): string | undefined {
  if (cameToNothing(mark)) return undefined;
  return mark.did === "sentAgain" && mark.sent.outcome === undefined
    ? "It was sent again, and what came of it is not known here."
    : "It was sent again already, and not refused.";
}

/**
 * The action of a mark of whose command nothing is known: whoever set the mark may have failed before it was sent. It may go out once more as the same action,
 * which is carried out once, as long as history would still know of it if it had been.
 */
export function unknownAction(
  { readModel }: Pick<Context, "readModel">,
  { did, at }: KnownMark,
  seen: QuarantineMark,
): { readonly actionId: string; readonly digest: string } | undefined {
  if (did.what === "dropped" || did.digest === undefined) return undefined;
  if (seen.did === "dropped" || seen.sent.outcome !== undefined) return undefined;
  // What came of it may have gone with the run, or stand before the read model begins.
  if (readModel.removed(did.runId) !== undefined || at < (readModel.beginning()?.at ?? 0)) return undefined;
  return { actionId: did.actionId, digest: did.digest };
}
