"use client";

import Link from "next/link";
import { useTrackedActions } from "@/features/actions/actions-provider.tsx";
import { OutcomeLine } from "@/features/actions/outcome-line.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { isStart } from "./use-start-run.ts";

const isThere: ReadonlySet<string> = new Set(["accepted", "existed"]);

/** What came of runs whose dialog was closed before it was known. */
export function StartedRuns() {
  const routes = useRoutes();
  const starts = [...useTrackedActions().values()].filter(isStart);
  if (starts.length === 0) return null;
  return (
    <ul aria-label="Runs that you started" className="px-6 pb-2 max-[700px]:px-3">
      {starts.map((action) => (
        <li key={action.key} className="flex flex-wrap items-start gap-x-2">
          <OutcomeLine
            target={action.key}
            subject={action.state === "sent" ? action.view.runId : "A start"}
          />
          {action.state === "sent" && isThere.has(action.view.outcome.type) ? (
            <Link href={routes.run(action.view.runId)} className="rounded text-accent hover:underline">
              Open the run
            </Link>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
