import {
  beginsWords,
  missingWords,
  removedWords,
  uncountedEarlierWords,
  uncountedWords,
  wholeSinceWords,
} from "../figure-words/index.ts";
import type { BreakDown, GoalFigures, Overview } from "../views.ts";

/** As a letter has moments: `Nov 23, 2026, 08:00`. */
export function momentIn(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("en", {
    timeZone,
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (at) => format.format(at);
}

type Moment = ReturnType<typeof momentIn>;

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
