import { boardDefinition } from "@downbeat/protocol";
import { parseZone } from "@downbeat/read-model/zone";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { saveShared } from "../shared/save-shared.ts";
import type { SaveBoardAnswer } from "../views.ts";

const mostBoards = 100;

export const SaveBoard = z
  .object({
    /** Of the board whose place it takes; absent for a new one. */
    id: z.string().min(1).max(100).optional(),
    /** Which version of that one was seen: if somebody saved another meanwhile, nothing is changed. */
    version: z.number().int().min(1).optional(),
    board: boardDefinition,
  })
  .refine(({ id, version }) => (id === undefined) === (version === undefined), {
    message: "say which version of the board it takes the place of",
    path: ["version"],
  });

export async function saveBoard(
  context: Context,
  { board, id, version }: z.infer<typeof SaveBoard>,
): Promise<SaveBoardAnswer> {
  if (board.weekly !== undefined && parseZone(board.weekly.timeZone) === undefined)
    throw new ApiError("badInput", "This server does not know the time zone of the schedule.");
  const { counts, state } = await saveShared(context, {
    things: context.boards,
    one: "board",
    most: mostBoards,
    id,
    version,
    content: { board },
    messageOf: (stamp) => ({ type: "saved" as const, ...stamp, board }),
  });
  if (!("saved" in state)) return { outcome: "conflict", current: state };
  return counts
    ? { outcome: "saved", board: state.saved }
    : { outcome: "conflict", current: { board: state.saved } };
}
