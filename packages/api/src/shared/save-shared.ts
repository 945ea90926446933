import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import type { SharedState, SharedThings } from "./shared-things.ts";

/** What every change says of itself. */
export type Stamp = {
  readonly id: string;
  readonly by: string;
  readonly at: number;
  readonly replaces: number;
  readonly changeId: string;
};

interface Saving<Change extends Stamp, Content> {
  readonly things: SharedThings<Change, Content>;
  /** "goal" */
  readonly one: string;
  /** So many there may be. */
  readonly most: number;
  /** Of that whose place it takes, with the version that was seen; absent for a new one. */
  readonly id: string | undefined;
  readonly version: number | undefined;
  readonly content: Content;
  readonly messageOf: (stamp: Stamp) => Change;
}

type Asked = Pick<Context, "actor" | "now" | "newId">;

/**
 * Of one name, and how many there may be, is decided by what this server knows: two that are saved at once may both be there. They are told apart by their ids.
 *
 * @returns whether it counts, and what is there now
 * @throws ApiError
 */
export async function saveShared<Change extends Stamp, Content>(
  { actor, now, newId }: Asked,
  { things, one, most, version = 0, content, messageOf, ...saving }: Saving<Change, Content>,
): Promise<{ readonly counts: boolean; readonly state: SharedState<Content> }> {
  const known = await things.all();
  const id = saving.id ?? newId();
  // What is changed is what was looked at, not what whoever asks says will be there.
  if (saving.id !== undefined) {
    const state = things.stateOf(id);
    if (state === undefined) throw new ApiError("notFound", `There is no such ${one}.`);
    if (things.versionOf(id) !== version) return { counts: false, state };
  }
  const nameOf = (each: Content) => things.kind.nameOf(each).toLowerCase();
  const name = nameOf(content);
  if (known.some((each) => each.id !== id && nameOf(each) === name))
    throw new ApiError("badInput", `There is a ${one} of that name already: choose another name.`);
  if (known.every((each) => each.id !== id) && known.length >= most)
    throw new ApiError("badInput", `There are ${most} ${one}s already: delete one that nobody needs.`);
  const counts = await things.append(
    messageOf({ id, by: actor, at: now(), replaces: version, changeId: newId() }),
  );
  const state = things.stateOf(id);
  if (state === undefined) throw new ApiError("unavailable", `The ${one} was not kept: try again.`);
  return { counts, state };
}
