import type { z } from "zod";
import type { Context } from "../context.ts";
import { type DeleteShared, deleteShared } from "../shared/delete-shared.ts";
import { isSeenBy, mayChange } from "../shared/owned.ts";
import type { DeleteViewAnswer } from "../views.ts";

export function deleteView(context: Context, which: z.infer<typeof DeleteShared>): Promise<DeleteViewAnswer> {
  return deleteShared(context, context.savedViews, {
    ...which,
    isSeen: (view) => isSeenBy(view, context.actor),
    require: (view) => mayChange(context, view, false),
  });
}
