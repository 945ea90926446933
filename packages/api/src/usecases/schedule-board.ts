import { boardSchedule } from "@downbeat/protocol";
import { parseZone } from "@downbeat/read-model/zone";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import type { SaveBoardAnswer } from "../views.ts";
import { putBoard } from "./save-board.ts";

export const ScheduleBoard = z.object({
  id: z.string().min(1).max(100),
  /** Which version of the board was seen: if somebody saved another meanwhile, nothing is changed. */
  version: z.number().int().min(1),
  /** Absent: it is sent no more. */
  weekly: boardSchedule.optional(),
});

/** When a board is sent, and to whom. How it is arranged stays. @throws ApiError */
export async function scheduleBoard(
  context: Context,
  { id, version, weekly }: z.infer<typeof ScheduleBoard>,
): Promise<SaveBoardAnswer> {
  if (weekly !== undefined && parseZone(weekly.timeZone) === undefined)
    throw new ApiError("badInput", "This server does not know the time zone of the schedule.");
  const refusal = weekly === undefined ? undefined : context.boardPost.refusal(weekly.channel, weekly.to);
  if (refusal !== undefined) throw new ApiError("badInput", refusal);
  const view = (await context.boards.all()).find((each) => each.id === id);
  if (view === undefined) throw new ApiError("notFound", "There is no such board.");
  const { weekly: _, ...board } = view.board;
  return putBoard(context, { id, version, board, weeklyAfter: () => weekly });
}
