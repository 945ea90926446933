"use client";

import type { AttentionList } from "@downbeat/api/views";
import { clsx } from "clsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { formatCount } from "@/lib/number.ts";
import { causeSize, causeTitle, isWait } from "./cause-words.ts";

type Cause = AttentionList["groups"][number];

interface CauseListProps {
  readonly causes: readonly Cause[];
  readonly chosen: string | undefined;
  readonly onChoose: (fingerprint: string) => void;
}

/** One line a cause, not one a failure: forty runs that fail alike are one problem. */
export function CauseList({ causes, chosen, onChoose }: CauseListProps) {
  return (
    <nav
      aria-label="Causes"
      className="w-[320px] shrink-0 overflow-y-auto border-line border-r max-[900px]:max-h-[30dvh] max-[1100px]:w-[240px] max-[900px]:w-full max-[900px]:border-r-0 max-[900px]:border-b"
    >
      <ul>
        {causes.map((cause) => {
          const isChosen = cause.fingerprint === chosen;
          return (
            <li key={cause.fingerprint}>
              <button
                type="button"
                aria-current={isChosen ? "true" : undefined}
                onClick={() => onChoose(cause.fingerprint)}
                className={clsx(
                  "block w-full border-line border-b py-2.5 pr-4 pl-6 text-left focus-visible:-outline-offset-2",
                  isChosen ? "bg-accent-soft" : "hover:bg-hover",
                )}
              >
                <span className="flex items-baseline gap-2">
                  <span className="min-w-0 flex-1 truncate font-strong">{causeTitle(cause)}</span>
                  <span className="font-strong text-stuck" title={causeSize(cause)}>
                    {formatCount(cause.count)}
                  </span>
                </span>
                {cause.kind === "history" || isWait(cause.kind) ? null : (
                  <span className="block truncate">{cause.errorName}</span>
                )}
                <span className="line-clamp-2 break-words text-ink-2 text-small">{cause.message}</span>
                <span className="block text-ink-3 text-small">
                  {causeSize(cause)}, oldest <TimeAgo at={cause.oldest} />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
