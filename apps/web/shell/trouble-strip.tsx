"use client";

import { CloudOff, LogOut } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { useSettled } from "@/lib/use-settled.ts";
import { useLiveState, useSessionEnd } from "@/live/live-provider.tsx";
import { describeTrouble } from "./freshness.ts";

/** A connection that is back at once is not worth a word. */
const noticeableMs = 2_000;

/** What is not there and why, above every page: the page goes on with what it has. */
export function TroubleStrip() {
  const isSignedOut = useSessionEnd();
  const trouble = describeTrouble(useLiveState());
  const lasts = useSettled(trouble !== undefined, noticeableMs);
  return (
    <div role="status" className="shrink-0">
      {isSignedOut ? (
        <SignedOut />
      ) : trouble === undefined || !lasts ? null : (
        <p className="fade-in flex items-start gap-2 border-line border-b bg-failed-soft px-6 py-1.5 text-ink max-[700px]:px-3">
          <CloudOff aria-hidden size={14} className="mt-[3px] shrink-0 text-failed" />
          <span className="min-w-0 break-words">{trouble}</span>
        </p>
      )}
    </div>
  );
}

function SignedOut() {
  const path = usePathname();
  const query = useSearchParams().toString();
  const to = query === "" ? path : `${path}?${query}`;
  return (
    <p className="fade-in flex items-start gap-2 border-line border-b bg-failed-soft px-6 py-1.5 text-ink max-[700px]:px-3">
      <LogOut aria-hidden size={14} className="mt-[3px] shrink-0 text-failed" />
      <span className="min-w-0 break-words">
        You are not signed in any more. What is shown is as it was then.{" "}
        {/* Outside of the dashboard's own routes: the server answers it. */}
        <a
          href={`/signin?${new URLSearchParams({ to, why: "ended" })}`}
          className="font-strong text-accent underline"
        >
          Sign in again
        </a>
      </span>
    </p>
  );
}
