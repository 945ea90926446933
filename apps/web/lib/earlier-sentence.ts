import type { EarlierState } from "@downbeat/api/views";
import { formatDayAndClock } from "./absolute-time.ts";

/** What is still missing from before the read model begins; `undefined` when nothing is. */
export function earlierSentence(earlier: EarlierState | undefined): string | undefined {
  if (earlier === undefined || earlier.openRunsKnown) return undefined;
  const { source, beginning, percent, trouble } = earlier;
  const runs = `runs that were open on ${formatDayAndClock(beginning)} and began before`;
  if (trouble !== undefined) return `${capital(runs)} are missing. ${trouble}`;
  const progress = percent === undefined ? "" : ` (${Math.round(percent)} %)`;
  return `${capital(runs)} are being looked for in ${source}${progress}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
