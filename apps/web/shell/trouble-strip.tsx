"use client";

import { CloudOff } from "lucide-react";
import { useSettled } from "@/lib/use-settled.ts";
import { useLiveState } from "@/live/live-provider.tsx";
import { describeTrouble } from "./freshness.ts";

/** A connection that is back at once is not worth a word. */
const noticeableMs = 2_000;

/** What is not there and why, above every page: the page goes on with what it has. */
export function TroubleStrip() {
  const trouble = describeTrouble(useLiveState());
  const lasts = useSettled(trouble !== undefined, noticeableMs);
  return (
    <div role="status" className="shrink-0">
      {trouble === undefined || !lasts ? null : (
        <p className="fade-in flex items-start gap-2 border-line border-b bg-failed-soft px-6 py-1.5 text-ink max-[700px]:px-3">
          <CloudOff aria-hidden size={14} className="mt-[3px] shrink-0 text-failed" />
          <span className="min-w-0 break-words">{trouble}</span>
        </p>
      )}
    </div>
  );
}
