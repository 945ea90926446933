"use client";

import { useSyncExternalStore } from "react";
import { useNow } from "@/lib/use-now.ts";

const smoothMs = 100;
const calmMs = 1_000;
/** A pixel of an older run is more than a second: moving its line more often would show nothing. */
const smoothUntilMs = 120_000;

/** Now, as often as an open run's timeline can show the difference; its end for one that is over. */
export function useTimelineNow({ startedAt, endedAt }: { startedAt: number; endedAt?: number }): number {
  const isStill = useReducedMotion();
  const calm = useNow(calmMs);
  const isYoung = endedAt === undefined && !isStill && calm - startedAt < smoothUntilMs;
  const now = useNow(isYoung ? smoothMs : calmMs);
  return endedAt ?? Math.max(now, startedAt);
}

const query = "(prefers-reduced-motion: reduce)";

function useReducedMotion(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    () => window.matchMedia(query).matches,
    () => false,
  );
}
