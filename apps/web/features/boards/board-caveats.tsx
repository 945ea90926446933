"use client";

import { breakDownCaveats, overviewCaveats } from "@downbeat/api/figure-words";
import type { BoardPanel } from "@downbeat/api/views";
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { breakDownQuery } from "@/features/figures/break-down-query.ts";
import { overviewQuery } from "@/features/overview/overview-query.ts";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import type { TimeRange } from "@/lib/time-range.ts";
import { shownZone } from "@/lib/zone.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import {
  figuresParamsOf,
  isLabelled,
  lookedAtParamsOf,
  overviewParamsOf,
  rangeOf,
} from "./panel-question.ts";

interface BoardCaveatsProps {
  readonly panels: readonly BoardPanel[];
  readonly range: TimeRange;
}

/** What the figures of the board lack, said once for all panels, in the words of their pages. */
export function BoardCaveats({ panels, range }: BoardCaveatsProps) {
  const client = useTRPCClient();
  const timeZone = shownZone();
  // The panels ask, and ask again: these are their answers.
  const asked = { refetchInterval: false, refetchOnMount: false, enabled: false } as const;
  const [overviews, breakDowns] = useMemo(() => {
    const ofOverview = new Map<string, ReturnType<typeof overviewQuery>["options"]>();
    const ofBreakDown = new Map<string, ReturnType<typeof breakDownQuery>>();
    for (const panel of panels) {
      const own = rangeOf(panel, range);
      if (panel.kind === "breakDown" || isLabelled(panel)) {
        const params = isLabelled(panel) ? lookedAtParamsOf(panel, own) : figuresParamsOf(panel, own);
        const query = breakDownQuery(params, timeZone, (question, signal) =>
          client.figures.breakDown.query(question, { signal }),
        );
        ofBreakDown.set(JSON.stringify(query.queryKey), query);
      } else if (panel.kind === "figure" || panel.kind === "series" || panel.kind === "table") {
        const { options } = overviewQuery(client, overviewParamsOf(panel, own), timeZone);
        ofOverview.set(JSON.stringify(options.queryKey), options);
      }
    }
    return [[...ofOverview.values()], [...ofBreakDown.values()]];
  }, [panels, range, client, timeZone]);
  const ofOverviews = useQueries({ queries: overviews.map((query) => ({ ...query, ...asked })) });
  const ofBreakDowns = useQueries({ queries: breakDowns.map((query) => ({ ...query, ...asked })) });
  const said = [
    ...ofOverviews.flatMap(({ data }) =>
      data === undefined ? [] : overviewCaveats(data, formatDayAndClock),
    ),
    ...ofBreakDowns.flatMap(({ data }) =>
      data === undefined ? [] : breakDownCaveats(data.breakDown, formatDayAndClock),
    ),
  ];
  if (said.length === 0) return null;
  return (
    <div role="status" className="mb-3 rounded-md bg-sunken px-3 py-2 text-ink-2">
      {[...new Set(said)].map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}
