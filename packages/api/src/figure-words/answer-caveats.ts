import type { BreakDown, Overview } from "@downbeat/read-model/views";
import type { GoalFigures } from "../goals/goal-views.ts";
import {
  beginsWords,
  missingWords,
  removedWords,
  uncountedEarlierWords,
  uncountedWords,
  wholeSinceWords,
} from "./caveat-words.ts";

/** As whoever reads it has moments written. */
type Moment = (at: number) => string;

/** What an answer lacks, as its page says it. */
export function overviewCaveats(
  { buckets, missing, comparison, freshness }: Overview,
  moment: Moment,
): string[] {
  const { countedFrom = 0 } = freshness;
  const from = buckets[0]?.at;
  return [
    ...(missing === undefined ? [] : [missingWords(missing, moment)]),
    ...(comparison?.missing === undefined ? [] : [missingWords(comparison.missing, moment)]),
    ...(from !== undefined && from < countedFrom ? [uncountedWords(countedFrom, moment)] : []),
    ...(comparison !== undefined && comparison.earlier.from < countedFrom ? [uncountedEarlierWords] : []),
  ];
}

export function breakDownCaveats({ from, beginsAt, freshness }: BreakDown, moment: Moment): string[] {
  const { removedUpTo = 0 } = freshness;
  return [
    ...(removedUpTo > from ? [removedWords(removedUpTo, moment)] : []),
    ...(beginsAt === undefined ? [] : [beginsWords(beginsAt, moment)]),
  ];
}

export function goalCaveats({ wholeSince }: GoalFigures, moment: Moment): string[] {
  return wholeSince === undefined ? [] : [wholeSinceWords(wholeSince, moment)];
}
