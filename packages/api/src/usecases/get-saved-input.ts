import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { savedInputView } from "../saved-inputs/saved-inputs.ts";
import { isSeenBy } from "../shared/owned.ts";
import type { SavedInputView } from "../views.ts";

export const WhichSavedInput = z.object({ id: z.string().min(1).max(100) });

export async function getSavedInput(
  { savedInputs, actor }: Context,
  { id }: z.infer<typeof WhichSavedInput>,
): Promise<SavedInputView> {
  const saved = (await savedInputs.all()).find((each) => each.id === id && isSeenBy(each, actor));
  if (saved === undefined)
    throw new ApiError("notFound", "There is no such saved input: somebody may have deleted it.");
  return { ...savedInputView(saved), input: saved.input };
}
