"use client";

import { Unlink } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { addressProblems } from "@/routes.ts";

const mostShown = 4;

/** Parts of the address that can't be meant, above the page that shows the rest: nobody should take "everything" for what was asked for. */
export function AddressStrip() {
  const problems = addressProblems(usePathname(), new URLSearchParams(useSearchParams()));
  return (
    <div role="status" className="shrink-0">
      {problems.length === 0 ? null : (
        <div className="fade-in flex items-start gap-2 border-line border-b bg-failed-soft px-6 py-1.5 text-ink max-[700px]:px-3">
          <Unlink aria-hidden size={14} className="mt-[3px] shrink-0 text-failed" />
          <div className="min-w-0 break-words">
            <p className="font-strong">Not all of this address can be shown.</p>
            <ul>
              {problems.slice(0, mostShown).map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
              {problems.length > mostShown ? <li>And {problems.length - mostShown} more.</li> : null}
            </ul>
          </div>
        </div>
      )}
    </div>
  );
}
