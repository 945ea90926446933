"use client";

import type { AuditEntry } from "@downbeat/api/views";
import type { AuditParams } from "@/app/[tenant]/[namespace]/audit/search-params.ts";
import { useMedia } from "@/lib/use-media.ts";
import { RowTable } from "@/shell/row-table.tsx";
import { AuditHead } from "./audit-head.tsx";
import { AuditRow } from "./audit-row.tsx";
import { narrow, rowHeightIn } from "./columns.ts";

interface AuditTableProps {
  readonly entries: readonly AuditEntry[];
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly onFilter: (patch: Partial<AuditParams>) => void;
  readonly onOpen: (entry: AuditEntry) => void;
}

export function AuditTable({ entries, hasMore, onMore, onFilter, onOpen }: AuditTableProps) {
  return (
    <RowTable
      what="entry"
      label="What people did"
      items={entries}
      total={entries.length}
      rowHeight={rowHeightIn(useMedia(narrow))}
      keyOf={({ id }) => id}
      head={<AuditHead />}
      row={(entry, index) => <AuditRow entry={entry} index={index} onFilter={onFilter} onOpen={onOpen} />}
      hasMore={hasMore}
      onMore={onMore}
    />
  );
}
