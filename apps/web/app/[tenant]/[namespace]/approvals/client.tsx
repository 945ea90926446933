"use client";

import { secondPersonWords } from "@downbeat/domain";
import { UserCheck } from "lucide-react";
import { useState } from "react";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { ApprovalList } from "@/features/approvals/approval-list.tsx";
import type { Decision } from "@/features/approvals/decide-dialog.tsx";
import { DecideDialog } from "@/features/approvals/load-decide-dialog.ts";
import { useApprovals, useSecondPerson } from "@/features/approvals/use-approvals.ts";
import { ExportMenu } from "@/features/exports/export-menu.tsx";
import { formatCount } from "@/lib/number.ts";
import { PageHeader } from "@/shell/page-header.tsx";

/** What was asked for that nobody may do alone, and what people said of it. */
export function ApprovalsClient() {
  const query = useApprovals();
  const { data, error, refetch } = query;
  const rule = useSecondPerson();
  const [decision, setDecision] = useState<Decision>();
  return (
    <>
      <PageHeader
        title="Approvals"
        detail={data === undefined ? undefined : `${formatCount(data.waiting)} waiting`}
      >
        <ExportMenu
          title="Approvals"
          ask={(format) => ({ list: "approvals", query: {}, format })}
          refusal={data?.requests.length === 0 ? "No requests yet." : undefined}
        />
      </PageHeader>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto border-line border-t bg-surface outline-none"
      >
        {rule === undefined ? null : (
          <p className="border-line border-b px-6 py-2 text-ink-3 max-[700px]:px-3">
            {secondPersonWords(rule)}
          </p>
        )}
        {data === undefined ? (
          error === null ? (
            <p role="status" className="px-6 py-4 text-ink-3">
              Looking…
            </p>
          ) : (
            <ErrorState what="the approvals" error={error} onRetry={refetch} />
          )
        ) : (
          <>
            <StaleLine query={query} className="px-6 max-[700px]:px-3" />
            {data.requests.length === 0 ? (
              <EmptyState
                icon={UserCheck}
                title={rule === undefined ? "Nothing needs a second person here" : "No requests yet"}
              >
                {rule === undefined
                  ? "The access file can require a second person's approval for terminating runs, completing jobs by hand and bulk actions."
                  : "Requests that need a second person appear here, for both people."}
              </EmptyState>
            ) : (
              <Panel what="The list of approvals" of={data.requests}>
                <ApprovalList requests={data.requests} onDecide={setDecision} />
              </Panel>
            )}
            {data.more === 0 ? null : (
              <p className="px-6 py-3 text-ink-3 max-[700px]:px-3">
                {formatCount(data.more)} older ones are not shown: an export has them.
              </p>
            )}
          </>
        )}
      </div>
      <DecideDialog of={decision} onClose={() => setDecision(undefined)} />
    </>
  );
}
