"use client";

import { FileQuestionMark } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";

/** @param said by the API, which knows of runs that retention removed */
export function UnknownRun({ runId, said, onRetry }: { runId: string; said: string; onRetry: () => void }) {
  const routes = useRoutes();
  if (said.includes("Retention has removed"))
    return (
      <EmptyState isPage icon={FileQuestionMark} title="This run was removed">
        <p className="break-words">{said}</p>
      </EmptyState>
    );
  return (
    <EmptyState
      isPage
      icon={FileQuestionMark}
      title="There is no run with this id"
      action={
        <div className="flex gap-2">
          <Button onClick={onRetry}>Look again</Button>
          <Link
            href={routes.runs({ text: runId })}
            className="inline-flex h-8 items-center rounded-md px-3 text-accent hover:underline"
          >
            Search the runs for it
          </Link>
        </div>
      }
    >
      <p>
        Nothing in the log is called <span className="break-all font-mono">{runId}</span>. Ids are
        case-sensitive. If it was started a moment ago, it appears here by itself.
      </p>
    </EmptyState>
  );
}
