import type { Context } from "../context.ts";
import { may } from "../permissions/policy.ts";
import type { BoardList, BoardView } from "../views.ts";

export async function listBoards({ boards, alertChannels, role }: Context): Promise<BoardList> {
  const all = await boards.all();
  // Addresses are for those who keep boards.
  const shown = may(role, "keepBoards") ? all : all.map(withoutSchedule);
  const mails = all.map(({ id }) => [id, boards.mails.of(id)] as const).filter(([, sent]) => sent.length > 0);
  return {
    boards: shown,
    mails: Object.fromEntries(mails),
    mailChannels: alertChannels.all.filter(({ kind }) => kind === "email").map(({ name }) => name),
  };
}

function withoutSchedule({ board: { weekly: _, ...board }, scheduledAt: __, ...view }: BoardView): BoardView {
  return { ...view, board };
}
