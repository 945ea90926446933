import { plural } from "@downbeat/domain";
import type { FiguresMissing } from "@downbeat/read-model/views";

/** As whoever reads it has moments written. */
type Moment = (at: number) => string;

/** Which days the figures lack for now. */
export function missingWords(
  { source, from, to, days, percent, trouble }: FiguresMissing,
  moment: Moment,
): string {
  const period = `${moment(from)} to ${moment(to)}`;
  const progress = percent === undefined ? "" : ` (${Math.round(percent)} % of the next)`;
  return trouble === undefined
    ? `Not complete yet: figures of ${period} are being read from ${source}, ${plural(days, "day")} to go${progress}.`
    : `Figures of ${period} are missing (${plural(days, "day")}). ${trouble}`;
}

/** From when on figures are whole, where retention had removed runs before they were counted. */
export function uncountedWords(upTo: number, moment: Moment): string {
  return `Figures are whole from ${moment(upTo)} on: retention had removed runs that ended before that when this server began to count.`;
}

export const uncountedEarlierWords =
  "Retention had removed runs of the earlier period before they were counted: it had more.";

export function removedWords(upTo: number, moment: Moment): string {
  return `Of the runs that ended up to ${moment(upTo)}, retention has removed some or all: they are not counted.`;
}

export function beginsWords(at: number, moment: Moment): string {
  return `Runs that ended before ${moment(at)} are not counted: this server's history begins there.`;
}

export function wholeSinceWords(at: number, moment: Moment): string {
  return `Counted whole from ${moment(at)} on: what ended before is not all there.`;
}
