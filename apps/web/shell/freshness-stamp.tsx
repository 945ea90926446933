"use client";

import { clsx } from "clsx";
import { useNow } from "@/lib/use-now.ts";
import { useLiveState } from "@/live/live-provider.tsx";
import { describeFreshness } from "./freshness.ts";

const dots = { live: "bg-completed", behind: "bg-failed", away: "bg-ended" } as const;

export function FreshnessStamp() {
  const state = useLiveState();
  const look = describeFreshness(state, useNow(1_000));
  return (
    <p className="flex items-center gap-1.5 whitespace-nowrap text-ink-3 text-small">
      <span aria-hidden className={clsx("size-2 rounded-full", dots[look.tone])} />
      <span role="status" className={clsx(look.tone !== "live" && "font-strong text-ink-2")}>
        {look.text}
      </span>
      {look.detail === undefined ? null : <span>· {look.detail}</span>}
    </p>
  );
}
