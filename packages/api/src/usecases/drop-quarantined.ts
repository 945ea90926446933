import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { reason } from "../inputs.ts";
import { requireEntry } from "../quarantine/entry.ts";
import { whyLeftOutNotDropped } from "../quarantine/resend.ts";
import { shownMark, whySentStands } from "../quarantine/shown-mark.ts";
import type { ClearQuarantineAnswer } from "../views.ts";

export const DropQuarantined = z.object({
  entry: z.string().min(1).max(100),
  /** Of the mark that was seen, 0 where there was none: if somebody did something meanwhile, nothing is changed. */
  version: z.number().int().min(0),
  reason,
});

/** Nobody need look at it any more. It stays where it is, marked as dropped. */
export async function dropQuarantined(
  context: Context,
  { entry, version, reason }: z.infer<typeof DropQuarantined>,
): Promise<ClearQuarantineAnswer> {
  const { quarantineMarks, actor, now, newId } = context;
  if (requireEntry(context, entry).kind === "leftOut") throw new ApiError("badInput", whyLeftOutNotDropped);
  await quarantineMarks.upToNow();
  const before = quarantineMarks.of(entry);
  const seen = before === undefined ? undefined : await shownMark(context, before);
  if (seen !== undefined && seen.version !== version) return { outcome: "conflict", mark: seen };
  const stands = seen && whySentStands(seen);
  if (stands !== undefined) throw new ApiError("badInput", stands);
  const counts = await quarantineMarks.append({
    type: "marked",
    entry,
    did: { what: "dropped" },
    reason,
    by: actor,
    at: now(),
    replaces: version,
    changeId: newId(),
  });
  const mark = quarantineMarks.of(entry);
  // What was just appended and folded is known.
  if (mark === undefined) throw new Error(`what was done about ${entry} is not known`);
  return { outcome: counts ? "done" : "conflict", mark: await shownMark(context, mark) };
}
