import { createHash } from "node:crypto";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { reason } from "../inputs.ts";
import { requireEntry } from "../quarantine/entry.ts";
import {
  mayResend,
  readResend,
  whyLeftOutNotResent,
  whyNotResent,
  whyRefusedNotResent,
} from "../quarantine/resend.ts";
import { cameToNothing, shownMark } from "../quarantine/shown-mark.ts";
import type { ClearQuarantineAnswer, ResendPreview } from "../views.ts";

const resent = {
  entry: z.string().min(1).max(100),
  /** The command as it is to be sent; absent: as it came. */
  text: z.string().max(100_000).optional(),
};

export const PreviewResend = z.object(resent);

export const ResendQuarantined = z.object({
  ...resent,
  /** Of the mark that was seen, 0 where there was none: if somebody did something meanwhile, nothing is sent. */
  version: z.number().int().min(0),
  reason,
});

/** What would be sent, or why nothing would. */
export function previewResend(
  context: Context,
  { entry, text }: z.infer<typeof PreviewResend>,
): ResendPreview {
  const original = textOf(context, entry);
  try {
    const resend = readResend(text ?? original, { actionId: "preview", reason: "a preview" });
    mayResend(context, resend);
    const { command, runId } = resend;
    const isUnknown =
      command !== "StartRun" && runId !== undefined && !context.readModel.exists(runId)
        ? { problem: `There is no run ${runId} as far as is known.` }
        : {};
    return { command, ...(runId !== undefined && { runId }), ...isUnknown };
  } catch (error) {
    if (error instanceof ApiError) return { problem: error.message };
    throw error;
  }
}

/**
 * Sends the command as whoever asks, under an id that follows from entry and mark: whoever sends it a second time without knowing of the first, or after a lost
 * answer, sends the same action, which is carried out once.
 */
export async function resendQuarantined(
  context: Context,
  { entry, text, version, reason }: z.infer<typeof ResendQuarantined>,
): Promise<ClearQuarantineAnswer> {
  const { quarantineMarks, actor, now, newId } = context;
  const original = textOf(context, entry);
  await quarantineMarks.upToNow();
  const before = quarantineMarks.of(entry);
  const seen = before === undefined ? undefined : await shownMark(context, before);
  if (seen !== undefined && seen.version !== version) return { outcome: "conflict", mark: seen };
  if (seen !== undefined && !cameToNothing(seen))
    throw new ApiError("badInput", "It was sent again already, and not refused.");
  const actionId = `again-${createHash("sha256").update(`${entry} ${version}`).digest("hex").slice(0, 20)}`;
  const resend = readResend(text ?? original, { actionId, reason });
  mayResend(context, resend);
  const action = await resend.send(context);
  const counts = await quarantineMarks.append({
    type: "marked",
    entry,
    did: {
      what: "sentAgain",
      command: resend.command,
      runId: action.runId,
      actionId: action.actionId,
      edited: text !== undefined && text !== original,
    },
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

/** @throws ApiError where the entry is none that can be sent again */
function textOf(context: Context, id: string): string {
  const { kind, of } = requireEntry(context, id);
  if (kind === "message") {
    const refusal = whyNotResent(of.topic, of.text);
    if (refusal !== undefined) throw new ApiError("badInput", refusal);
    return of.text;
  }
  throw new ApiError("badInput", kind === "refused" ? whyRefusedNotResent : whyLeftOutNotResent);
}
