// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
"use client";

import type { RunSummary } from "@downbeat/api/views";
import Link from "next/link";
import type { ReactNode, RefObject } from "react";
import type { TimeField } from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { useMedia } from "@/lib/use-media.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { RowTable } from "@/shell/row-table.tsx";
import { ChosenHead } from "./chosen-head.tsx";
import { ChosenRow } from "./chosen-row.tsx";
import { narrow, rowHeightIn, veryNarrow } from "./columns.ts";
import { resized } from "./run-columns.ts";
import { RunRow } from "./run-row.tsx";
import { TableHead } from "./table-head.tsx";
import type { RunColumns } from "./use-run-columns.ts";

interface RunTableProps {
  readonly runs: readonly RunSummary[];
  readonly total: number;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly columns: RunColumns;
  readonly by: TimeField;
  readonly onSort: (by: TimeField) => void;
  readonly onLabel: (key: string, value: string) => void;
  readonly onNear: (runId: string) => void;
  /** After the last row. */
  readonly footer?: ReactNode;
}

const keyOf = ({ runId }: RunSummary): string => runId;

export function RunTable(props: RunTableProps) {
  const { runs, total, hasMore, onMore, scroller, onLabel, onNear, footer, by, onSort } = props;
  const { columns, own, change } = props.columns;
  const isVeryNarrow = useMedia(veryNarrow);
  const isNarrow = useMedia(narrow);
  // Where the window is narrow, what nobody chose goes by itself; a phone has no place for a choice.
  const isChosen = !isVeryNarrow && (own !== undefined || !isNarrow);
  return (
    <RowTable
      what="run"
      label="Runs"
      items={runs}
      total={total}
      rowHeight={rowHeightIn(isVeryNarrow)}
      keyOf={keyOf}
      head={
        isChosen ? (
          <ChosenHead
            columns={columns}
            by={by}
            onSort={onSort}
            onResize={(id, width) => change(resized(columns, id, width))}
          />
        ) : (
          <TableHead />
        )
      }
      row={(run, index) =>
        isChosen ? (
          <ChosenRow run={run} index={index} columns={columns} onLabel={onLabel} onNear={onNear} />
        ) : (
          <RunRow run={run} index={index} onLabel={onLabel} onNear={onNear} />
        )
      }
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
