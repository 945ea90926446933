import { longestQueryName } from "@downbeat/protocol";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { analyticsId, querySql } from "../inputs.ts";
import { namedAlike } from "../saved-queries/saved-queries.ts";
import type { SaveQueryAnswer } from "../views.ts";

const mostQueries = 500;

export const SaveQuery = z
  .object({
    /** Of the query whose place it takes; absent for a new one. */
    id: z.string().min(1).max(100).optional(),
    /** Which version of that one was seen: if somebody saved another meanwhile, nothing is changed. */
    version: z.number().int().min(1).optional(),
    name: z.string().trim().min(1, "give it a name").max(longestQueryName),
    source: analyticsId,
    sql: querySql,
  })
  .refine(({ id, version }) => (id === undefined) === (version === undefined), {
    message: "say which version of the query it takes the place of",
    path: ["version"],
  });

export async function saveQuery(
  context: Context,
  input: z.infer<typeof SaveQuery>,
): Promise<SaveQueryAnswer> {
  const { savedQueries, actor, now, newId } = context;
  const { name, source, sql, version = 0 } = input;
  const known = await savedQueries.all();
  const id = input.id ?? newId();
  if (namedAlike(known, name, id) !== undefined) {
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
  const by = { by: actor, at: now(), replaces: version, changeId: newId() };
  const counts = await savedQueries.append({ type: "saved", id, name, source, sql, ...by });
  const state = savedQueries.stateOf(id);
  if (state === undefined)
    throw new ApiError(
      "badInput",
      `Somebody else has just saved a query called “${name}”: choose another name.`,
    );
  if (!("saved" in state)) return { outcome: "conflict", current: state };
  const query = state.saved;
  return counts ? { outcome: "saved", query } : { outcome: "conflict", current: { query } };
}
