"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { FiguresParams } from "@/app/[tenant]/[namespace]/figures/search-params.ts";
import { shownZone } from "@/lib/zone.ts";
import { useTRPC, useTRPCClient } from "@/trpc/react.ts";
import { breakDownQuery } from "./break-down-query.ts";

export function useBreakDown(params: FiguresParams) {
  const client = useTRPCClient();
  const timeZone = shownZone();
  const query = useMemo(
    () =>
      breakDownQuery(params, timeZone, (question, signal) =>
        client.figures.breakDown.query(question, { signal }),
      ),
    [params, timeZone, client],
  );
  return useQuery(query);
}

/** What can be chosen. */
export function useKnownNumbers(workflow: string | undefined) {
  const trpc = useTRPC();
  return useQuery(trpc.figures.known.queryOptions({ ...(workflow !== undefined && { workflow }) }));
}
