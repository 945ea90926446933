import { z } from "zod";
import type { Context } from "../context.ts";
import type { Shared, SharedThings } from "./shared-things.ts";

export const DeleteShared = z.object({
  id: z.string().min(1).max(100),
  /** Which version of it was seen: one that somebody changed meanwhile stays. */
  version: z.number().int().min(1),
});

export interface Deletion {
  readonly type: "deleted";
  readonly id: string;
  readonly by: string;
  readonly at: number;
  readonly replaces: number;
  readonly changeId: string;
}

interface Deleting<Content> {
  readonly id: string;
  readonly version: number;
  /** Whether whoever asks may know of it. */
  readonly isSeen?: (thing: Content) => boolean;
  /** @throws ApiError where it is nobody's to delete who asks */
  readonly require?: (thing: Shared<Content>) => void;
}

export type DeletedShared<Content> =
  | { readonly outcome: "deleted"; readonly wasGone?: true }
  | { readonly outcome: "conflict"; readonly current: Shared<Content> };

/** One that is not there is deleted: somebody else was quicker. */
export async function deleteShared<Content>(
  { actor, now, newId }: Pick<Context, "actor" | "now" | "newId">,
  things: Pick<SharedThings<Deletion, Content>, "all" | "append" | "stateOf">,
  { id, version, isSeen = () => true, require }: Deleting<Content>,
): Promise<DeletedShared<Content>> {
  const before = (await things.all()).find((each) => each.id === id && isSeen(each));
  if (before === undefined) return { outcome: "deleted", wasGone: true };
  require?.(before);
  if (before.version !== version) return { outcome: "conflict", current: before };
  await things.append({ type: "deleted", id, by: actor, at: now(), replaces: version, changeId: newId() });
  const state = things.stateOf(id);
  return state !== undefined && "saved" in state && isSeen(state.saved)
    ? { outcome: "conflict", current: state.saved }
    : { outcome: "deleted" };
}
