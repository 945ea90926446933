import type { SavedInput } from "@downbeat/api/views";

/** What a form holds: the JSON text, and the workflow that it is for. */
export interface Held {
  readonly workflow: string;
  readonly text: string;
}

/** A saved input that was put into a form. */
export interface ChosenInput {
  readonly saved: SavedInput;
  /** As it was put there. */
  readonly text: string;
  /** What a person had typed there before; absent: nothing. */
  readonly before?: Held;
}

/** Those of the workflow, and those of others, whose names or workflows have the words. */
export function matching(
  inputs: readonly SavedInput[],
  workflow: string,
  words: string,
): { readonly own: readonly SavedInput[]; readonly others: readonly SavedInput[] } {
  const sought = words.trim().toLowerCase();
  const found = inputs.filter((each) => `${each.name}\n${each.workflow}`.toLowerCase().includes(sought));
  return {
    own: found.filter((each) => each.workflow === workflow),
    others: found.filter((each) => each.workflow !== workflow),
  };
}

/** What others made of it since it was put into the form, where they did; what is in the form stays. */
export function sinceChosen(
  { saved }: ChosenInput,
  inputs: readonly SavedInput[],
): "deleted" | SavedInput | undefined {
  const current = inputs.find(({ id }) => id === saved.id);
  if (current === undefined) return "deleted";
  return current.version === saved.version ? undefined : current;
}

/** As it is after somebody gave `of` another name. Whoever had not seen `of` yet has not seen what was made of it either. */
export function renamed(
  chosen: ChosenInput | undefined,
  of: SavedInput,
  now: SavedInput,
): ChosenInput | undefined {
  const isSeen = chosen?.saved.id === of.id && chosen.saved.version === of.version;
  return isSeen && now.version === of.version + 1 ? { ...chosen, saved: now } : chosen;
}
