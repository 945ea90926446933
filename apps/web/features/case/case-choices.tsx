"use client";

import type { RunSummary } from "@downbeat/api/views";
import Link from "next/link";
import type { CaseParams } from "@/app/[tenant]/[namespace]/case/search-params.ts";
import { LabelChips } from "@/components/labels.tsx";
import { StatusMark } from "@/components/status-mark.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { shortId } from "@/lib/short-id.ts";
import { lookOfRun } from "@/lib/status.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";

interface CaseChoicesProps {
  readonly title: string;
  readonly runs: readonly RunSummary[];
  readonly params: CaseParams;
}

/** At most as many as a search answers with. */
export function CaseChoices({ title, runs, params }: CaseChoicesProps) {
  const routes = useRoutes();
  return (
    <section className="px-6 py-4 max-[700px]:px-3 print:hidden">
      <h2 className="mb-1 font-strong">{title}</h2>
      <ul className="rounded-md border border-line" lang="en">
        {runs.map((run) => (
          <li
            key={run.runId}
            className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-3 py-1 last:border-b-0 hover:bg-hover"
          >
            <Link
              href={routes.case({ ...params, runId: run.runId })}
              title={run.runId}
              className="rounded font-mono text-accent hover:underline"
            >
              {shortId(run.runId, 32)}
            </Link>
            <StatusMark look={lookOfRun(run.shown)} />
            <span className="text-ink-2">{run.workflow}</span>
            <span className="flex min-w-0 flex-1 gap-1 overflow-hidden">
              <LabelChips labels={run.labels} runId={run.runId} />
            </span>
            <span className="text-ink-3">
              <TimeAgo at={run.startedAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
