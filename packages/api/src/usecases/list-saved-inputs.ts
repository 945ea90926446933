import type { Context } from "../context.ts";
import { savedInputView } from "../saved-inputs/saved-inputs.ts";
import { isSeenBy } from "../shared/owned.ts";
import type { SavedInputList } from "../views.ts";

export async function listSavedInputs({ savedInputs, actor }: Context): Promise<SavedInputList> {
  const seen = (await savedInputs.all()).filter((each) => isSeenBy(each, actor));
  return { inputs: seen.map(savedInputView) };
}
