export { breakDownCaveats, goalCaveats, overviewCaveats } from "./answer-caveats.ts";
export {
  beginsWords,
  missingWords,
  removedWords,
  uncountedEarlierWords,
  uncountedWords,
  wholeSinceWords,
} from "./caveat-words.ts";
export { lookedAtFor, lookedAtTotals } from "./looked-at-totals.ts";
export { numberWords } from "./number-words.ts";
export {
  breakDownWords,
  figureWords,
  type NamesElsewhere,
  panelTitle,
  seriesWords,
  tableWords,
} from "./panel-words.ts";
export { bucketFor, rangePresets } from "./periods.ts";
export { valueWords } from "./value-words.ts";
