import {
  countDifference,
  countWords,
  durationDifference,
  durationWords,
  rateDifference,
  rateWords,
} from "@downbeat/domain";
import type { BoardPanel } from "@downbeat/protocol";
import type { Overview } from "../views.ts";

type FigureName = Extract<BoardPanel, { kind: "figure" }>["figure"];

const time = (ms: number | undefined) => (ms === undefined ? "–" : durationWords(ms));

/** `1,204 (12 % more)` */
export function figureLine(
  figure: FigureName,
  { totals, open, comparison }: Pick<Overview, "totals" | "open" | "comparison">,
): string {
  const before = comparison?.earlier.totals;
  const now = comparison?.current.totals;
  const beside = (words: string | undefined) => (words === undefined ? "" : ` (${words})`);
  switch (figure) {
    case "stuck":
      return countWords(open.stuck);
    case "open":
      return countWords(open.running + open.waiting + open.stuck);
    case "successRate": {
      const difference = rateDifference(now?.successRate, before?.successRate);
      return `${totals.successRate === undefined ? "–" : rateWords(totals.successRate)}${beside(difference?.words)}`;
    }
    case "p50":
    case "p95":
    case "p99":
      return `${time(totals[figure])}${beside(durationDifference(now?.[figure], before?.[figure])?.words)}`;
    default: {
      const difference =
        now === undefined || before === undefined ? undefined : countDifference(now[figure], before[figure]);
      return `${countWords(totals[figure])}${beside(difference?.words)}`;
    }
  }
}
