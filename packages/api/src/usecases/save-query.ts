import { longestQueryName } from "@downbeat/protocol";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { analyticsId, querySql } from "../inputs.ts";
import type { SavedQuery } from "../views.ts";

const mostQueries = 500;

export const SaveQuery = z.object({
  /** Of the query whose place it takes; absent for a new one. */
  id: z.string().min(1).max(100).optional(),
  name: z.string().trim().min(1, "give it a name").max(longestQueryName),
  source: analyticsId,
  sql: querySql,
});

export async function saveQuery(context: Context, input: z.infer<typeof SaveQuery>): Promise<SavedQuery> {
  const { savedQueries, actor, now, newId } = context;
  const { name, source, sql } = input;
  const known = await savedQueries.list();
  const id = input.id ?? newId();
  if (known.some((query) => query.id !== id && query.name.toLowerCase() === name.toLowerCase())) {
    throw new ApiError(
      "badInput",
      `There is a query called “${name}” already: choose another name, or open it and save it there.`,
    );
  }
  if (known.length >= mostQueries && !known.some((query) => query.id === id)) {
    throw new ApiError(
      "badInput",
      `There are ${mostQueries} saved queries already: delete one that nobody needs.`,
    );
  }
  const at = now();
  await savedQueries.append({ type: "saved", id, name, source, sql, by: actor, at });
  return { id, name, source, sql, savedBy: actor, savedAt: at };
}
