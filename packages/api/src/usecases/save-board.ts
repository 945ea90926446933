import { type BoardSchedule, boardDefinition } from "@downbeat/protocol";
import { z } from "zod";
import type { Context } from "../context.ts";
import { saveShared } from "../shared/save-shared.ts";
import type { SaveBoardAnswer } from "../views.ts";

const mostBoards = 100;

/** A schedule in it is passed over: pages hold the one that they were shown, or none. */
const arrangement = boardDefinition.omit({ weekly: true });
type Arrangement = z.infer<typeof arrangement>;

export const SaveBoard = z
  .object({
    /** Of the board whose place it takes; absent for a new one. */
    id: z.string().min(1).max(100).optional(),
    /** Which version of that one was seen: if somebody saved another meanwhile, nothing is changed. */
    version: z.number().int().min(1).optional(),
    board: arrangement,
  })
  .refine(({ id, version }) => (id === undefined) === (version === undefined), {
    message: "say which version of the board it takes the place of",
    path: ["version"],
  });

/** How a board is arranged. When it is sent, and to whom, stays: that has a verb of its own. */
export function saveBoard(
  context: Context,
  { board, id, version }: z.infer<typeof SaveBoard>,
): Promise<SaveBoardAnswer> {
  return putBoard(context, { id, version, board, weeklyAfter: (weekly) => weekly });
}

interface Putting {
  readonly id: string | undefined;
  readonly version: number | undefined;
  readonly board: Arrangement;
  /** What becomes of the schedule that is there. */
  readonly weeklyAfter: (weekly: BoardSchedule | undefined) => BoardSchedule | undefined;
}

export async function putBoard(
  context: Context,
  { id, version, board, weeklyAfter }: Putting,
): Promise<SaveBoardAnswer> {
  const { boards } = context;
  const { counts, state } = await saveShared(context, {
    things: boards,
    one: "board",
    most: mostBoards,
    id,
    version,
    content: { board },
    messageOf(stamp) {
      const before = boards.stateOf(stamp.id);
      const there = before !== undefined && "saved" in before ? before.saved.board.weekly : undefined;
      const weekly = weeklyAfter(there);
      return {
        type: "saved" as const,
        ...stamp,
        board: { ...board, ...(weekly !== undefined && { weekly }) },
      };
    },
  });
  if (!("saved" in state)) return { outcome: "conflict", current: state };
  return counts
    ? { outcome: "saved", board: state.saved }
    : { outcome: "conflict", current: { board: state.saved } };
}
