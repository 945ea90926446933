"use client";

import type { EarlierRunsShare } from "@downbeat/api/views";
import { History } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/button.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";

interface EarlierRunsProps {
  readonly earlier: EarlierRunsShare;
  readonly isReading: boolean;
  readonly onShow: () => void;
}

/** At the end of the list: what ended before the read model begins is asked for elsewhere, which takes seconds, so only when wanted. */
export function EarlierRuns({ earlier, isReading, onShow }: EarlierRunsProps) {
  const { source, before, trouble } = earlier;
  return (
    <div
      aria-live="polite"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 px-6 py-3 text-ink-2 max-[700px]:px-3"
    >
      <History aria-hidden size={14} className="shrink-0 text-ink-3" />
      {isReading ? (
        <Reading source={source} />
      ) : trouble !== undefined ? (
        <>
          <span>
            Runs that ended before {formatDayAndClock(before)} can’t be shown: {trouble}
          </span>
          <Button size="small" onClick={onShow}>
            Try again
          </Button>
        </>
      ) : (
        <>
          <span>
            Runs that ended before {formatDayAndClock(before)} are in {source}.
          </span>
          <Button size="small" onClick={onShow}>
            Show them
          </Button>
        </>
      )}
    </div>
  );
}

function Reading({ source }: { source: string }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span>
      Reading earlier runs from {source}…{" "}
      <span aria-hidden className="text-ink-3">
        {seconds > 0 ? `${seconds} s` : ""}
      </span>
    </span>
  );
}
