import type { z } from "zod";
import type { Context } from "../context.ts";
import { type DeleteShared, deleteShared } from "../shared/delete-shared.ts";
import type { DeleteQueryAnswer } from "../views.ts";

export function deleteQuery(
  context: Context,
  which: z.infer<typeof DeleteShared>,
): Promise<DeleteQueryAnswer> {
  return deleteShared(context, context.savedQueries, which);
}
