"use client";

import clsx from "clsx";
import { onServerClock, serverNow } from "@/lib/clock.ts";
import { type AskedQuery, staleWords } from "./stale-words.ts";

/** Above what a query brought before it failed: it may not be so any more. Nothing otherwise. */
export function StaleLine({ query, className }: { query: AskedQuery; className?: string }) {
  const words = staleWords({ ...query, dataUpdatedAt: onServerClock(query.dataUpdatedAt) }, serverNow());
  if (words === undefined) return null;
  return (
    <p
      role="alert"
      lang="en"
      className={clsx("shrink-0 break-words py-1.5 text-small text-stuck", className)}
    >
      {words}
    </p>
  );
}
