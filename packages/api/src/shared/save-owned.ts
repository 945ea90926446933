import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { isSeenBy, mayChange, type Owned } from "./owned.ts";
import type { Stamp } from "./save-shared.ts";
import type { Shared, SharedState, SharedThings } from "./shared-things.ts";

interface Saving<Change extends Stamp, Content extends Owned> {
  readonly things: SharedThings<Change, Content>;
  /** "view" */
  readonly one: string;
  readonly most: { readonly shared: number; readonly ofOne: number };
  /** Of that whose place it takes, with the version that was seen; absent for a new one. */
  readonly id: string | undefined;
  readonly version: number | undefined;
  /** Everybody's, instead of one's own. */
  readonly shared: boolean;
  /** Without its owner. @throws ApiError */
  readonly contentOf: (before: Shared<Content> | undefined) => Content;
  /** Whether the two can't have one name. */
  readonly areTogether: (one: Content, other: Content) => boolean;
  readonly messageOf: (stamp: Stamp, content: Content) => Change;
}

/**
 * @returns whether it counts, and what is there now
 * @throws ApiError
 */
export async function saveOwned<Change extends Stamp, Content extends Owned>(
  context: Pick<Context, "actor" | "role" | "now" | "newId">,
  saving: Saving<Change, Content>,
): Promise<{ readonly counts: boolean; readonly state: SharedState<Content> }> {
  const { actor, now, newId } = context;
  const { things, one, most, version = 0, shared, contentOf, areTogether, messageOf } = saving;
  const known = (await things.all()).filter((each) => isSeenBy(each, actor));
  const before = saving.id === undefined ? undefined : known.find(({ id }) => id === saving.id);
  mayChange(context, before, shared);
  const id = saving.id ?? newId();
  // What is changed is what was looked at, not what whoever asks says will be there.
  if (saving.id !== undefined) {
    const state = stateFor(things, { id, actor, one });
    if (things.versionOf(id) !== version) return { counts: false, state };
  }
  const content = { ...contentOf(before), ...(!shared && { owner: actor }) };
  const nameOf = (each: Content) => things.kind.nameOf(each).toLowerCase();
  const alike = known.filter(({ owner }) => (owner === undefined) === shared);
  if (alike.some((each) => each.id !== id && nameOf(each) === nameOf(content) && areTogether(each, content)))
    throw new ApiError("badInput", `There is a ${one} of that name already: choose another name.`);
  if (before === undefined && alike.length >= (shared ? most.shared : most.ofOne))
    throw new ApiError(
      "badInput",
      `There are ${alike.length} ${one}s already: delete one that nobody needs.`,
    );
  const stamp = { id, by: actor, at: now(), replaces: version, changeId: newId() };
  const counts = await things.append(messageOf(stamp, content));
  return { counts, state: stateFor(things, { id, actor, one }) };
}

/**
 * One that was deleted may be saved again by whoever had it open.
 *
 * @throws ApiError where it is nothing that whoever asks may know of
 */
function stateFor<Content extends Owned>(
  things: { stateOf(id: string): SharedState<Content> | undefined },
  { id, actor, one }: { id: string; actor: string; one: string },
): SharedState<Content> {
  const state = things.stateOf(id);
  if (state === undefined || ("saved" in state && !isSeenBy(state.saved, actor)))
    throw new ApiError("notFound", `There is no such ${one} of yours.`);
  return state;
}
