import type { Context } from "../context.ts";
import { eachPage, entriesOf, entryId } from "./entry.ts";
import type { QuarantineMarks } from "./quarantine-marks.ts";
import { isCleared, shownMark } from "./shown-mark.ts";

interface Marked {
  /** Tells entries and marks from others that were there before. */
  readonly of: string;
  /** Ids of entries, in all as often as they are there. */
  readonly entries: readonly string[];
}

/** To find them all of the quarantine is looked through, which whoever shows how many are open asks for often. */
const kept = new WeakMap<QuarantineMarks, Marked>();

/** How many entries there are about which somebody did something that has not come to nothing. */
export async function countCleared(context: Context): Promise<number> {
  const { quarantineMarks } = context;
  if (quarantineMarks.size === 0) return 0;
  const counted = await Promise.all(
    markedEntries(context).map(async (entry) => {
      const mark = quarantineMarks.of(entry);
      return mark !== undefined && isCleared(await shownMark(context, mark));
    }),
  );
  return counted.filter(Boolean).length;
}

function markedEntries(context: Context): readonly string[] {
  const { quarantineMarks, readModel } = context;
  const { counts, ...newest } = readModel.quarantine({ limit: 1 });
  const of = JSON.stringify([quarantineMarks.revision, counts, ...entriesOf(newest).map(entryId)]);
  const before = kept.get(quarantineMarks);
  if (before?.of === of) return before.entries;
  const entries: string[] = [];
  for (const page of eachPage(context))
    entries.push(...page.map(entryId).filter((id) => quarantineMarks.of(id) !== undefined));
  kept.set(quarantineMarks, { of, entries });
  return entries;
}
