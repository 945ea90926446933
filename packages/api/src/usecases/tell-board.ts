import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { tellBoard } from "../boards/tell-board.ts";
import type { Context } from "../context.ts";
import { timeZone } from "../inputs.ts";
import type { ToldBoard } from "../views.ts";

export const TellBoard = z.object({ id: z.string().min(1).max(100), timeZone: timeZone.default("UTC") });

/** A board as words, to whoever asks as they may see it. @throws ApiError */
export async function tellBoardTo(context: Context, input: z.infer<typeof TellBoard>): Promise<ToldBoard> {
  const view = (await context.boards.all()).find(({ id }) => id === input.id);
  if (view === undefined) throw new ApiError("notFound", "There is no such board.");
  return tellBoard(context, view.board, input.timeZone);
}
