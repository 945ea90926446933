"use client";

import { FileWarning, X } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { IconButton } from "@/components/button.tsx";
import { formatNamespace } from "@/lib/namespace.ts";
import { plural } from "@/lib/number.ts";
import { useLiveState } from "@/live/live-provider.tsx";
import { useNamespaces } from "./namespace-provider.tsx";

/** Records of history that can't be used, above every page until a person has seen it; again when there are more. */
export function LeftOutStrip() {
  const { current, routes } = useNamespaces();
  const count = useLiveState().freshness?.leftOut ?? 0;
  const key = `left-out-seen/${formatNamespace(current)}`;
  const [hidden, setHidden] = useState<{ readonly key: string; readonly count: number }>();
  const seen = hidden?.key === key ? hidden.count : seenBefore(key);
  function hide(): void {
    setHidden({ key, count });
    remember(key, count);
  }
  return (
    <div role="status" className="shrink-0">
      {count <= seen ? null : (
        <div className="fade-in flex items-start gap-2 border-line border-b bg-stuck-soft px-6 py-1.5 text-ink max-[700px]:px-3">
          <FileWarning aria-hidden size={14} className="mt-[3px] shrink-0 text-stuck" />
          <p className="min-w-0 flex-1 break-words">
            {plural(count, "record")} of history can't be used: what {count === 1 ? "it" : "they"} told is
            missing here.{" "}
            <Link href={routes.quarantine()} className="whitespace-nowrap underline underline-offset-2">
              See what was left out
            </Link>
          </p>
          <IconButton label="Hide until there are more" onClick={hide} className="-my-0.5">
            <X aria-hidden size={14} />
          </IconButton>
        </div>
      )}
    </div>
  );
}

function seenBefore(key: string): number {
  try {
    return Number(globalThis.localStorage?.getItem(key) ?? 0) || 0;
  } catch {
    // A browser may refuse to keep anything.
    return 0;
  }
}

function remember(key: string, count: number): void {
  try {
    localStorage.setItem(key, String(count));
  } catch {
    // Then it is hidden until the page is loaded again.
  }
}
