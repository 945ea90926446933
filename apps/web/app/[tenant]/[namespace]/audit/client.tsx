"use client";

import { Lock, ScrollText, SearchX } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { AuditFilters } from "@/features/audit/audit-filters.tsx";
import { AuditSkeleton } from "@/features/audit/audit-skeleton.tsx";
import { AuditTable } from "@/features/audit/audit-table.tsx";
import { leftOutWords } from "@/features/audit/left-out-words.ts";
import { EntryDialog } from "@/features/audit/load-entry-dialog.ts";
import { useAudit } from "@/features/audit/use-audit.ts";
import { ExportMenu } from "@/features/exports/export-menu.tsx";
import { serverNow } from "@/lib/clock.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
import { useRangeCommands } from "@/shell/use-range-commands.ts";
import {
  type AuditParams,
  allAudit,
  auditQueryOf,
  isNarrowed,
  parseAuditParams,
  serializeAuditParams,
} from "./search-params.ts";

const urlState = { parse: parseAuditParams, serialize: serializeAuditParams };

/** Who did what, on what, why, and what came of it. */
export function AuditClient() {
  const refusal = useRefusal("readAudit");
  return refusal === undefined ? (
    <Entries />
  ) : (
    <>
      <PageHeader title="Audit" />
      <EmptyState icon={Lock} title="The audit is for admins">
        {refusal}
      </EmptyState>
    </>
  );
}

function Entries() {
  const [params, change] = useSearchState<AuditParams>(urlState);
  const { query, entries, head, onMore } = useAudit(params);
  const [openId, setOpenId] = useState<string>();
  const clear = () => change(allAudit);
  useCommands([{ id: "clear", label: "Clear the filters", group: "This page", keys: "c", run: clear }]);
  useRangeCommands(params.range, (range) => change({ range }), { allowAll: true });
  const leftOut = head && leftOutWords(head);
  return (
    <>
      <PageHeader title="Audit">
        <ExportMenu
          title="Audit"
          ask={(format) => ({ list: "audit", query: auditQueryOf(params, serverNow()), format })}
        />
      </PageHeader>
      <AuditFilters params={params} onChange={change} onClear={clear} />
      {leftOut === undefined ? null : (
        <p role="status" className="px-6 pb-2 text-ink-3 text-small max-[700px]:px-3">
          {leftOut}
        </p>
      )}
      <div className="flex min-h-60 flex-1 flex-col border-line border-t bg-surface">
        {query.isPending ? (
          <AuditSkeleton />
        ) : query.isError && entries.length === 0 ? (
          <ErrorState what="the audit" error={query.error} onRetry={() => query.refetch()} />
        ) : entries.length > 0 ? (
          <Panel what="The audit" of={entries}>
            <StaleLine query={query} className="px-6 max-[700px]:px-3" />
            <AuditTable
              entries={entries}
              hasMore={query.hasNextPage}
              onMore={onMore}
              onFilter={change}
              onOpen={(entry) => setOpenId(entry.id)}
            />
          </Panel>
        ) : query.hasNextPage || query.isFetchingNextPage ? (
          <AuditSkeleton />
        ) : isNarrowed(params) ? (
          <EmptyState icon={SearchX} title="No entry matches these filters">
            <Button onClick={clear}>Clear the filters</Button>
          </EmptyState>
        ) : (
          <EmptyState icon={ScrollText} title="Nobody has done anything yet">
            What people do here, and what is refused to them, is listed from now on: actions, sign-ins, SQL
            and exports.
          </EmptyState>
        )}
      </div>
      <EntryDialog entry={entries.find(({ id }) => id === openId)} onClose={() => setOpenId(undefined)} />
    </>
  );
}
