import type { BreakDown, BreakDownBy } from "@downbeat/api/views";
import type { LabelClause } from "@downbeat/domain";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { FiguresParams } from "@/app/[tenant]/[namespace]/figures/search-params.ts";
import { serverNow } from "../../lib/clock.ts";
import { bucketFor, resolveRange } from "../../lib/time-range.ts";

/** Each answer looks at every run of the period. */
const refetchMs = 30_000;
/** An open page takes no more of the server than a tenth. */
const restPerWork = 10;
const dayMs = 86_400_000;
/** Narrower than for plain charts: a map of durations has cells. */
const mostBuckets = 48;

interface Question {
  readonly filter: {
    readonly from: number;
    readonly to: number;
    readonly by: FiguresParams["of"];
    readonly workflow?: string;
    readonly where?: readonly LabelClause[];
  };
  readonly bucketMs: number;
  readonly timeZone: string;
  readonly by?: BreakDownBy;
  readonly number?: string;
}

/** What was counted, and what was asked: words and links are about that, whatever the page asks for by now. */
export interface AnsweredBreakDown {
  readonly params: FiguresParams;
  readonly breakDown: BreakDown;
  /** How long it took, ms. */
  readonly tookMs: number;
}

export function breakDownQuery(
  params: FiguresParams,
  timeZone: string,
  ask: (question: Question, signal: AbortSignal) => Promise<BreakDown>,
) {
  const { range, workflow, labels = [], of, by, number } = params;
  return queryOptions({
    queryKey: ["figures", range, workflow, labels, of, by, number, timeZone],
    queryFn: async ({ signal }): Promise<AnsweredBreakDown> => {
      const now = serverNow();
      const { from = now - dayMs, to: until = now } = resolveRange(range, now);
      const to = Math.max(until, from + 60_000);
      const began = performance.now();
      const breakDown = await ask(
        {
          filter: {
            from,
            to,
            by: of,
            ...(workflow !== undefined && { workflow }),
            ...(labels.length > 0 && { where: labels }),
          },
          bucketMs: bucketFor(to - from, mostBuckets),
          timeZone,
          ...(by !== undefined && { by }),
          ...(number !== undefined && { number }),
        },
        signal,
      );
      return { params, breakDown, tookMs: performance.now() - began };
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (range.type === "last" ? refetchAfter(state.data?.tookMs) : false),
  });
}

/** ms */
export function refetchAfter(tookMs = 0): number {
  return Math.max(refetchMs, restPerWork * tookMs);
}
