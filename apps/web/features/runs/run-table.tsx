// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
"use client";

import type { RunSummary } from "@downbeat/api/views";
import Link from "next/link";
import type { ReactNode, RefObject } from "react";
import { useMedia } from "@/lib/use-media.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { RowTable } from "@/shell/row-table.tsx";
import { rowHeightIn, veryNarrow } from "./columns.ts";
import { RunRow } from "./run-row.tsx";
import { TableHead } from "./table-head.tsx";

interface RunTableProps {
  readonly runs: readonly RunSummary[];
  readonly total: number;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly onLabel: (key: string, value: string) => void;
  readonly onNear: (runId: string) => void;
  /** After the last row. */
  readonly footer?: ReactNode;
}

const keyOf = ({ runId }: RunSummary): string => runId;

export function RunTable({ runs, total, hasMore, onMore, scroller, onLabel, onNear, footer }: RunTableProps) {
  return (
    <RowTable
      what="run"
      label="Runs"
      items={runs}
      total={total}
      rowHeight={rowHeightIn(useMedia(veryNarrow))}
      keyOf={keyOf}
      head={<TableHead />}
      row={(run, index) => <RunRow run={run} index={index} onLabel={onLabel} onNear={onNear} />}
      instead={({ runId }, index) => <FaultyRow runId={runId} index={index} />}
      hasMore={hasMore}
      onMore={onMore}
      scroller={scroller}
      footer={footer}
    />
  );
}

/** What is known of it breaks the row: its page may still show it. */
function FaultyRow({ runId, index }: { runId: string; index: number }) {
  const routes = useRoutes();
  return (
    <div role="row" aria-rowindex={index + 2} className="flex h-full items-center border-line border-b px-6">
      <div role="cell" className="truncate">
        <Link data-row={index} href={routes.run(String(runId))} className="font-mono text-accent">
          {String(runId)}
        </Link>{" "}
        can't be shown as a row.
      </div>
    </div>
  );
}
