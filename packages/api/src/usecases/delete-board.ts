import type { z } from "zod";
import type { Context } from "../context.ts";
import { type DeleteShared, deleteShared } from "../shared/delete-shared.ts";
import type { DeleteBoardAnswer } from "../views.ts";

export function deleteBoard(
  context: Context,
  which: z.infer<typeof DeleteShared>,
): Promise<DeleteBoardAnswer> {
  return deleteShared(context, context.boards, which);
}
