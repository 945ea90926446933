import type { Overview } from "@downbeat/api/views";
import { keepPreviousData } from "@tanstack/react-query";
import type { OverviewParams } from "@/app/[tenant]/[namespace]/search-params.ts";
import { serverNow } from "@/lib/clock.ts";
import { bucketFor, movesAt, resolveRange } from "@/lib/time-range.ts";
import type { Client } from "@/trpc/client.ts";

/** A moving range loses its oldest bucket even when nothing happens. */
const idleRefetchMs = 15_000;
/** While days are being filled in. */
const fillingRefetchMs = 2_000;

/** The figures of a range. A range that moves along with now is resolved with every question, not in its key. */
export function overviewQuery(
  client: Client,
  { range, workflow, compare }: OverviewParams,
  timeZone: string,
) {
  const moves = movesAt(range, serverNow());
  return {
    moves,
    options: {
      queryKey: ["overview", range, workflow, timeZone, compare],
      queryFn: ({ signal }: { signal: AbortSignal }): Promise<Overview> => {
        const now = serverNow();
        const { from = now - 3_600_000, to = now } = resolveRange(range, now);
        const bucketMs = bucketFor(Math.max(60_000, to - from));
        return client.overview.get.query(
          {
            from,
            to: Math.max(to, from + 60_000),
            bucketMs,
            timeZone,
            ...(workflow === undefined ? {} : { workflow }),
            ...(compare === undefined ? {} : { compare }),
          },
          { signal },
        );
      },
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }: { state: { data?: Overview | undefined } }) => {
        if ((state.data?.missing ?? state.data?.comparison?.missing) !== undefined) return fillingRefetchMs;
        // Of a comparison, a minute more is over.
        return range.type === "last" || (compare !== undefined && moves) ? idleRefetchMs : false;
      },
    },
  };
}
