"use client";

import Link from "next/link";
import { useTrackedActions } from "@/features/actions/actions-provider.tsx";
import { OutcomeLine } from "@/features/actions/outcome-line.tsx";
import { timerOfKey } from "@/features/actions/target.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";

/** What came of what was done here: its row may be gone by then. */
export function ActedTimers() {
  const routes = useRoutes();
  const acted = [...useTrackedActions().keys()].flatMap((key) => {
    const timer = timerOfKey(key);
    return timer === undefined ? [] : [{ key, ...timer }];
  });
  if (acted.length === 0) return null;
  return (
    <ul aria-label="What you did to timers" className="px-6 pb-2 max-[700px]:px-3">
      {acted.map(({ key, runId, id }) => (
        <li key={key} className="flex flex-wrap items-start gap-x-2">
          <OutcomeLine target={key} subject={`${runId}, ${id}`} />
          <Link href={routes.run(runId, { row: id })} className="rounded text-accent hover:underline">
            Open the run
          </Link>
        </li>
      ))}
    </ul>
  );
}
