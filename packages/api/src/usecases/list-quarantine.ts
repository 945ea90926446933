import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { cursor, limit } from "../inputs.ts";
import { forbidden, may } from "../permissions/policy.ts";
import { notShown } from "../permissions/without-payloads.ts";
import { countCleared } from "../quarantine/cleared.ts";
import { entryId, type QuarantineEntry } from "../quarantine/entry.ts";
import {
  whyLeftOutNotDropped,
  whyLeftOutNotResent,
  whyNotResent,
  whyRefusedNotResent,
} from "../quarantine/resend.ts";
import { shownMark, unknownAction, whySentStands } from "../quarantine/shown-mark.ts";
import type { QuarantineEntries, QuarantineRemedies } from "../views.ts";

const unreadable = "It can't be read. What is wrong with it is shown to who may see payloads.";

export const ListQuarantine = z.object({ cursor, limit: limit(500, 100) }).prefault({});

/** A message that can't be read may be anything: its text, and a reason that quotes it, are payloads to whoever may not see any. */
export async function listQuarantine(
  context: Context,
  input: z.infer<typeof ListQuarantine>,
): Promise<QuarantineEntries> {
  const { readModel, feed, earlier, cursors, role, quarantineMarks, masking } = context;
  await quarantineMarks.forLooking();
  const { messages, refused, leftOut, ...others } = cursors.page(input, (query) =>
    readModel.quarantine(query),
  );
  const seesPayloads = may(role, "seePayloads");
  return {
    ...others,
    messages: await Promise.all(
      messages.map(async (of) => ({
        ...of,
        ...(await remedies(context, { kind: "message", of }, whyNotResent(of.topic, of.text))),
        ...masking.message(of),
        ...(!seesPayloads && { reason: unreadable, text: notShown }),
      })),
    ),
    refused: await Promise.all(
      refused.map(async (of) => ({
        ...of,
        ...(await remedies(context, { kind: "refused", of }, whyRefusedNotResent)),
      })),
    ),
    leftOut: await Promise.all(
      leftOut.map(async (of) => ({
        ...of,
        ...(await remedies(context, { kind: "leftOut", of }, whyLeftOutNotResent, whyLeftOutNotDropped)),
      })),
    ),
    cleared: await countCleared(context),
    ...(!quarantineMarks.isRead && { marksUnread: true }),
    freshness: freshnessNow({ feed, earlier }),
  };
}

/** What was done about an entry, and what may be. What it is matters more than who asks. */
async function remedies(
  context: Context,
  entry: QuarantineEntry,
  ofItself: string | undefined,
  notDropped?: string,
): Promise<QuarantineRemedies> {
  const { role, quarantineMarks } = context;
  const id = entryId(entry);
  const known = quarantineMarks.of(id);
  const mark = known === undefined ? undefined : await shownMark(context, known);
  const ofRole = may(role, "clearQuarantine") ? undefined : forbidden("clearQuarantine");
  const ofMark = mark && whySentStands(mark);
  const isSendable = known !== undefined && mark !== undefined && unknownAction(context, known, mark);
  const sendAgainRefusal = ofItself ?? (isSendable ? undefined : ofMark) ?? ofRole;
  const dropRefusal =
    notDropped ?? (mark?.did === "dropped" ? "It was dropped already." : (ofMark ?? ofRole));
  return {
    entry: id,
    ...(mark !== undefined && { mark }),
    ...(sendAgainRefusal !== undefined && { sendAgainRefusal }),
    ...(dropRefusal !== undefined && { dropRefusal }),
  };
}
