import type { Context } from "../context.ts";
import type { SavedQueryList } from "../views.ts";

export async function listSavedQueries({ savedQueries }: Context): Promise<SavedQueryList> {
  return { queries: await savedQueries.all() };
}
