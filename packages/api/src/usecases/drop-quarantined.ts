import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { reason } from "../inputs.ts";
import { requireEntry } from "../quarantine/entry.ts";
import { whyLeftOutNotDropped } from "../quarantine/resend.ts";
import { markNow, setMark } from "../quarantine/set-mark.ts";
import { whySentStands } from "../quarantine/shown-mark.ts";
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
  if (requireEntry(context, entry).kind === "leftOut") throw new ApiError("badInput", whyLeftOutNotDropped);
  const before = await markNow(context, entry);
  if (before !== undefined && before.seen.version !== version)
    return { outcome: "conflict", mark: before.seen };
  const stands = before && whySentStands(before.seen);
  if (stands !== undefined) throw new ApiError("badInput", stands);
  return setMark(context, { entry, did: { what: "dropped" }, reason, replaces: version });
}
