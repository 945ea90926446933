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

/** Nothing came of it, and nothing will: it may be sent once more. */
export function cameToNothing(mark: QuarantineMark): boolean {
  if (mark.did === "dropped") return true;
  const type = mark.sent.outcome?.type;
  return type === undefined || type === "refused" || type === "lost";
}
