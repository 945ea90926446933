import { createHash } from "node:crypto";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { reason } from "../inputs.ts";
import { requireEntry } from "../quarantine/entry.ts";
import {
  digestOf,
  mayResend,
  type Resend,
  readResend,
  trySending,
  whyLeftOutNotResent,
  whyNotResent,
  whyRefusedNotResent,
} from "../quarantine/resend.ts";
import { type MarkNow, markNow, setMark } from "../quarantine/set-mark.ts";
import { unknownAction, whySentStands } from "../quarantine/shown-mark.ts";
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
    const resend = readResend(asked(context, text, original), {
      actionId: "preview",
      reason: "a preview",
      original,
    });
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
 * Sends the command as whoever asks. The mark comes first: of those who do something at the same time the log lets one win, and only that one sends. Where the mark is
 * there and nothing is known of its command, the same may be sent again, as the same action, which is carried out once.
 */
export async function resendQuarantined(
  context: Context,
  { entry, text, version, reason }: z.infer<typeof ResendQuarantined>,
): Promise<ClearQuarantineAnswer> {
  const original = textOf(context, entry);
  const command = asked(context, text, original);
  const before = await markNow(context, entry);
  if (before !== undefined && before.seen.version !== version)
    return { outcome: "conflict", mark: before.seen };
  const digest = digestOf(command);
  const actionId =
    before === undefined ? newAction(entry, version) : actionAfter(context, { entry, before, digest });
  const resend = readResend(command, { actionId, reason, original });
  mayResend(context, resend);
  await trySending(context, resend);
  const did = {
    what: "sentAgain",
    command: resend.command,
    runId: resend.goesTo,
    actionId,
    edited: digest !== digestOf(original),
    digest,
  } as const;
  return setMark(context, { entry, did, reason, replaces: version }, () => sendMarked(context, resend));
}

function asked({ masking }: Context, text: string | undefined, original: string): string {
  return text === undefined ? original : masking.restoredMessage(text, original);
}

/** @throws ApiError that says what to do about the mark, which is there */
async function sendMarked(context: Context, resend: Resend): Promise<void> {
  try {
    await resend.send(context);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(
      error.code,
      `${error.message} The entry is marked as sent again: if nothing comes of it, send the same once more.`,
    );
  }
}

function newAction(entry: string, version: number): string {
  return `again-${createHash("sha256").update(`${entry} ${version}`).digest("hex").slice(0, 20)}`;
}

/** @throws ApiError where what was sent before stands */
function actionAfter(
  context: Context,
  {
    entry,
    before: { known, seen },
    digest,
  }: {
    readonly entry: string;
    readonly before: MarkNow;
    readonly digest: string;
  },
): string {
  const stands = whySentStands(seen);
  if (stands === undefined) return newAction(entry, seen.version);
  const unknown = unknownAction(context, known, seen);
  if (unknown === undefined) throw new ApiError("badInput", stands);
  if (unknown.digest === digest) return unknown.actionId;
  throw new ApiError("badInput", `${stands} Only the same command may be sent until it is known.`);
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
