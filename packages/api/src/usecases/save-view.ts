import { longestViewName, longestViewQuery, viewedColumn, viewedLists } from "@downbeat/protocol";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { forbidden, may } from "../permissions/policy.ts";
import { isSeenBy } from "../saved-views/saved-views.ts";
import type { SavedView, SaveViewAnswer } from "../views.ts";

type ViewState = Extract<SaveViewAnswer, { outcome: "conflict" }>["current"];

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
  const { savedViews, actor, now, newId } = context;
  const { name, list, query, columns, shared, version = 0 } = input;
  const known = await savedViews.of(actor);
  const before = input.id === undefined ? undefined : known.find(({ id }) => id === input.id);
  mayChange(context, before, shared);
  const id = input.id ?? newId();
  // What is changed is what was looked at, not what whoever asks says will be there.
  if (input.id !== undefined) {
    const current = stateFor(context, input.id);
    if (savedViews.versionOf(input.id) !== version) return { outcome: "conflict", current };
  }
  if (isNameTaken(known, { id, name, list, shared }))
    throw new ApiError("badInput", `There is a view of that name already: choose another name.`);
  const alike = known.filter(({ owner }) => (owner === undefined) === shared);
  if (before === undefined && alike.length >= (shared ? mostShared : mostOfOne))
    throw new ApiError("badInput", `There are ${alike.length} views already: delete one that nobody needs.`);
  const counts = await savedViews.append({
    type: "saved",
    id,
    name,
    list,
    query,
    ...(columns !== undefined && { columns }),
    ...(!shared && { owner: actor }),
    by: actor,
    at: now(),
    replaces: version,
    changeId: newId(),
  });
  const state = stateFor(context, id);
  return counts && "view" in state
    ? { outcome: "saved", view: state.view }
    : { outcome: "conflict", current: state };
}

/** What is everybody's is changed by those who keep views for all; what is one's own by oneself. @throws ApiError */
export function mayChange({ role }: Context, before: SavedView | undefined, shared: boolean): void {
  const concernsAll = shared || (before !== undefined && before.owner === undefined);
  if (concernsAll && !may(role, "keepBoards")) throw new ApiError("forbidden", forbidden("keepBoards"));
}

/**
 * One that was deleted may be saved again by whoever had it open.
 *
 * @throws ApiError where it is nothing that whoever asks may know of
 */
function stateFor({ savedViews, actor }: Context, id: string): ViewState {
  const state = savedViews.stateOf(id);
  if (state === undefined || ("saved" in state && !isSeenBy(state.saved, actor)))
    throw new ApiError("notFound", "There is no such view of yours.");
  return "saved" in state ? { view: state.saved } : state;
}

function isNameTaken(
  known: readonly SavedView[],
  { id, name, list, shared }: { id: string; name: string; list: string; shared: boolean },
): boolean {
  return known.some(
    (view) =>
      view.id !== id &&
      view.list === list &&
      (view.owner === undefined) === shared &&
      view.name.toLowerCase() === name.toLowerCase(),
  );
}
