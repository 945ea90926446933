"use client";

import type { AttentionItem } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { FailureView } from "@/components/failure-view.tsx";
import { LabelChips } from "@/components/labels.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { ActionDialog, type ActionRequest } from "@/features/actions/action-dialog.tsx";
import { JobButtons } from "@/features/actions/job-buttons.tsx";
import { OutcomeLine } from "@/features/actions/outcome-line.tsx";
import { targetKey } from "@/features/actions/target.ts";
import { AttemptTable } from "@/features/run/detail/attempt-table.tsx";
import { plural } from "@/lib/number.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useRefetchOnChange } from "@/live/use-refetch-on-change.ts";
import { routes } from "@/routes.ts";
import { PageHeader } from "@/shell/page-header.tsx";
import { useTRPC } from "@/trpc/react.ts";
import { type AttentionParams, parseAttentionParams, serializeAttentionParams } from "./search-params.ts";
import { useKeptItems } from "./use-kept-items.ts";

const urlState = { parse: parseAttentionParams, serialize: serializeAttentionParams };

/** What must I do now: stuck jobs and stuck code, by cause. */
export function AttentionClient() {
  const [{ fingerprint }, change] = useSearchState<AttentionParams>(urlState);
  const trpc = useTRPC();
  const options = trpc.attention.list.queryOptions({ limit: 100, ...(fingerprint && { fingerprint }) });
  const { data, error, refetch } = useQuery(options);
  useRefetchOnChange(options.queryKey);
  const items = useKeptItems(data?.items);
  if (data === undefined) {
    return error === null ? (
      <PageHeader title="Attention" />
    ) : (
      <ErrorState what="what needs you" error={error} onRetry={refetch} />
    );
  }
  return (
    <>
      <PageHeader
        title="Attention"
        detail={data.total === 0 ? "Nothing waits for a person" : `${plural(data.total, "run")} stuck`}
      />
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-8">
        {data.groups.length === 0 ? null : (
          <ul aria-label="Causes" className="mb-4 flex flex-wrap gap-2">
            {data.groups.map((group) => (
              <li key={group.fingerprint}>
                <Button
                  aria-pressed={group.fingerprint === fingerprint}
                  onClick={() =>
                    change({ fingerprint: group.fingerprint === fingerprint ? undefined : group.fingerprint })
                  }
                >
                  {group.jobType ?? "workflow code"}: {group.errorName} · {group.count}
                </Button>
              </li>
            ))}
          </ul>
        )}
        {items.length === 0 ? (
          <EmptyState icon={CircleCheck} title="Nothing needs you">
            <p>
              When a job has used up its attempts, or the code of a run can’t go on, it appears here with its
              error and what you can do.
            </p>
          </EmptyState>
        ) : (
          <ul aria-label="What needs a person" className="flex flex-col gap-3">
            {items.map((item) => (
              <li key={targetKey({ runId: item.runId, jobId: item.job?.jobId })}>
                <Item item={item} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

function Item({ item }: { item: AttentionItem }) {
  const [request, setRequest] = useState<ActionRequest>();
  const { runId, workflow, job } = item;
  const target = { runId, workflow, ...(job !== undefined && { jobId: job.jobId, jobType: job.jobType }) };
  return (
    <article className="rounded-lg border border-line bg-surface p-4">
      <header className="mb-2 flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 className="font-strong">{job?.jobType ?? "The workflow’s code"}</h2>
        <Link
          href={routes.run(runId, job === undefined ? {} : { row: job.rowId })}
          className="font-mono text-accent hover:underline"
        >
          {runId}
        </Link>
        <span className="text-ink-2">{workflow}</span>
        <span className="text-ink-3">
          stuck <TimeAgo at={item.since} />
        </span>
        <LabelChips labels={item.labels} />
      </header>
      <div className="mb-3">
        <FailureView failure={item.failure} tone="stuck" />
      </div>
      {job === undefined ? (
        <Button look="primary" onClick={() => setRequest({ verb: "resumeRun", targets: [target] })}>
          Ask the code again
        </Button>
      ) : (
        <JobButtons job={job} target={target} run={{ shown: "stuck" }} />
      )}
      <OutcomeLine target={targetKey(target)} className="mt-2" />
      {job === undefined ? null : (
        <details className="mt-3">
          <summary className="cursor-pointer text-accent">{plural(job.attempts.length, "attempt")}</summary>
          <AttemptTable job={job} knownFailure={item.failure} />
        </details>
      )}
      <ActionDialog request={request} onClose={() => setRequest(undefined)} />
    </article>
  );
}
