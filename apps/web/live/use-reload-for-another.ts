"use client";

import type { Me } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { isForbidden } from "@/trpc/query-client.ts";
import { useTRPC } from "@/trpc/react.ts";
import { isAnother } from "./ask-who-looks.ts";

/** Whoever signs in in another tab gets a page of their own: nothing that was fetched for somebody else, nor what that one may do. */
export function useReloadForAnother(): void {
  const trpc = useTRPC();
  const { data, error } = useQuery(
    trpc.me.get.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }),
  );
  const began = useRef<Me>(undefined);
  useEffect(() => {
    if (began.current === undefined) began.current = data;
    else if ((data !== undefined && isAnother(began.current, data)) || isForbidden(error))
      window.location.reload();
  }, [data, error]);
}
