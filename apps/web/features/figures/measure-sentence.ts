import { numberWords } from "@downbeat/api/figure-words";
import type { BreakDown } from "@downbeat/api/views";
import type { FiguresParams } from "@/app/[tenant]/[namespace]/figures/search-params.ts";
import { formatExact, plural } from "../../lib/number.ts";

/** How much in all, and how many runs have nothing to add up. */
export function measureSentence(
  { total }: Pick<BreakDown, "total">,
  { of, number }: Pick<FiguresParams, "of" | "number">,
): string {
  const runs = `${plural(total.runs, "run")} ${of} in this time`;
  if (number === undefined || total.number === undefined) return `${runs}.`;
  const { sum, average, least, most, without, cut = 0 } = total.number;
  const unknown =
    cut === 0
      ? ""
      : ` ${plural(cut, "run holds", "runs hold")} more numbers than are kept and ${cut === 1 ? "is" : "are"} left out, though this one may be among them.`;
  if (average === undefined || least === undefined || most === undefined)
    return `${runs}; none has a number as ${numberWords(number)}.${unknown}`;
  const missing =
    without === 0
      ? ""
      : ` ${plural(without, "run has", "runs have")} no number there and ${without === 1 ? "is" : "are"} left out.`;
  return `${runs}. ${capital(numberWords(number))}: ${formatExact(sum)} in all, ${formatExact(average)} on average, from ${formatExact(least)} to ${formatExact(most)}.${missing}${unknown}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
