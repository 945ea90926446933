import { longestViewName, longestViewQuery, viewedColumn, viewedLists } from "@downbeat/protocol";
import { z } from "zod";
import type { Context } from "../context.ts";
import { saveOwned } from "../shared/save-owned.ts";
import type { SaveViewAnswer } from "../views.ts";

const mostShared = 500;
const mostOfOne = 200;

export const SaveView = z
  .object({
    /** Of the view whose place it takes; absent for a new one. */
    id: z.string().min(1).max(100).optional(),
    /** Which version of that one was seen: if somebody saved another meanwhile, nothing is changed. */
    version: z.number().int().min(1).optional(),
    name: z.string().trim().min(1, "give it a name").max(longestViewName),
    list: z.enum(viewedLists),
    /** Of the list's address, without its `?`. */
    query: z.string().max(longestViewQuery),
    columns: z.array(viewedColumn).min(1).max(60).optional(),
    /** Everybody's, instead of one's own. */
    shared: z.boolean(),
  })
  .refine(({ id, version }) => (id === undefined) === (version === undefined), {
    message: "say which version of the view it takes the place of",
    path: ["version"],
  });

export async function saveView(context: Context, input: z.infer<typeof SaveView>): Promise<SaveViewAnswer> {
  const { id, version, name, list, query, columns, shared } = input;
  const { counts, state } = await saveOwned(context, {
    things: context.savedViews,
    one: "view",
    most: { shared: mostShared, ofOne: mostOfOne },
    id,
    version,
    shared,
    contentOf: () => ({ name, list, query, ...(columns !== undefined && { columns }) }),
    areTogether: (view, other) => view.list === other.list,
    messageOf: (stamp, { owner }) => ({
      type: "saved" as const,
      ...stamp,
      name,
      list,
      query,
      ...(columns !== undefined && { columns }),
      ...(owner !== undefined && { owner }),
    }),
  });
  if (!("saved" in state)) return { outcome: "conflict", current: state };
  return counts
    ? { outcome: "saved", view: state.saved }
    : { outcome: "conflict", current: { view: state.saved } };
}
