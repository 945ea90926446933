import type { z } from "zod";
import type { Context } from "../context.ts";
import { savedInputView } from "../saved-inputs/saved-inputs.ts";
import { type DeleteShared, type Deletion, deleteShared } from "../shared/delete-shared.ts";
import { isSeenBy, mayChange } from "../shared/owned.ts";
import type { DeleteInputAnswer } from "../views.ts";

export async function deleteInput(
  context: Context,
  which: z.infer<typeof DeleteShared>,
): Promise<DeleteInputAnswer> {
  const { savedInputs, actor } = context;
  const things = {
    all: () => savedInputs.all(),
    stateOf: (id: string) => savedInputs.stateOf(id),
    append: (deletion: Deletion) => savedInputs.append({ ...deletion, type: "inputDeleted" }),
  };
  const answer = await deleteShared(context, things, {
    ...which,
    isSeen: (saved) => isSeenBy(saved, actor),
    require: (saved) => mayChange(context, saved, false),
  });
  return answer.outcome === "conflict" ? { ...answer, current: savedInputView(answer.current) } : answer;
}
