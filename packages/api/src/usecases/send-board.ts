import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { beginMail, carryMail } from "../boards/mail-board.ts";
import type { Context } from "../context.ts";
import type { BoardMail } from "../views.ts";

export const SendBoard = z.object({ id: z.string().min(1).max(100) });

/** Nobody's mailbox is flooded by a button. */
const onceMs = 10_000;

/** Now, to those its schedule names. @throws ApiError when it was not delivered */
export async function sendBoard(context: Context, { id }: z.infer<typeof SendBoard>): Promise<BoardMail> {
  const { boards, actor, now, newId } = context;
  const view = (await boards.all()).find((each) => each.id === id);
  if (view === undefined) throw new ApiError("notFound", "There is no such board.");
  if (view.board.weekly === undefined)
    throw new ApiError("badInput", "It has no schedule: say first to whom it is sent.");
  if (boards.mails.of(id).some(({ at, by }) => by !== undefined && now() - at < onceMs))
    throw new ApiError("badInput", "It was sent just now: try again in a moment.");
  const giveBack = boards.claimSending(id);
  if (giveBack === undefined)
    throw new ApiError("badInput", "It is being sent just now: try again in a moment.");
  try {
    const mailId = newId();
    const counts = await beginMail(context, { view, mailId, due: now(), by: actor });
    const mail = counts ? await carryMail(context, { boardId: id, mailId }) : undefined;
    if (mail?.outcome === "delivered") return mail;
    throw new ApiError("unavailable", `It was not delivered. ${mail?.problem ?? ""}`.trim());
  } finally {
    giveBack();
  }
}
