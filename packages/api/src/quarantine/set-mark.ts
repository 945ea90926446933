import type { QuarantineMarkMessage } from "@downbeat/protocol";
import type { Context } from "../context.ts";
import type { ClearQuarantineAnswer, QuarantineMark } from "../views.ts";
import type { KnownMark } from "./quarantine-mark-fold.ts";
import { shownMark } from "./shown-mark.ts";

export interface MarkNow {
  readonly known: KnownMark;
  /** The same, with what came of it so far. */
  readonly seen: QuarantineMark;
}

/** What was done about the entry last, as far as the log holds it by now. Rejects with `ApiError("unavailable")`. */
export async function markNow(context: Context, entry: string): Promise<MarkNow | undefined> {
  await context.quarantineMarks.upToNow();
  const known = context.quarantineMarks.of(entry);
  return known && { known, seen: await shownMark(context, known) };
}

/** @param onceItCounts what is done when nobody else did something meanwhile, before it is told */
export async function setMark(
  context: Context,
  mark: Pick<QuarantineMarkMessage, "entry" | "did" | "reason" | "replaces">,
  onceItCounts = async (): Promise<void> => {},
): Promise<ClearQuarantineAnswer> {
  const { quarantineMarks, actor, now, newId } = context;
  const counts = await quarantineMarks.append({
    type: "marked",
    ...mark,
    by: actor,
    at: now(),
    changeId: newId(),
  });
  if (counts) await onceItCounts();
  const known = quarantineMarks.of(mark.entry);
  // What was just appended and folded is known.
  if (known === undefined) throw new Error(`what was done about ${mark.entry} is not known`);
  return { outcome: counts ? "done" : "conflict", mark: await shownMark(context, known) };
}
