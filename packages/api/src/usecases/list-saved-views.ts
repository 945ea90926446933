import type { Context } from "../context.ts";
import type { SavedViewList } from "../views.ts";

export async function listSavedViews({ savedViews, actor }: Context): Promise<SavedViewList> {
  return { views: await savedViews.of(actor) };
}
