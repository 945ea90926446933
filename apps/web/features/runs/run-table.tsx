// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
"use client";

import type { RunSummary } from "@downbeat/api/views";
import Link from "next/link";
import type { ReactNode, RefObject } from "react";
import { Panel } from "@/components/panel.tsx";
import { useMedia } from "@/lib/use-media.ts";
import { useMoreRows, useVirtualRows } from "@/lib/use-virtual-rows.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useRowKeys } from "@/shell/use-row-keys.ts";
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

export function RunTable(props: RunTableProps) {
  const { runs, hasMore, onMore, scroller } = props;
  const rowHeight = rowHeightIn(useMedia(veryNarrow));
  const {
    virtual,
    drawn,
    total: height,
  } = useVirtualRows({
    items: runs,
    scroller,
    height: rowHeight,
    keyOf,
    overscan: 12,
  });
  useMoreRows({ drawn, count: runs.length, hasMore, onMore });
  useRowKeys("run", runs.length, (index) => virtual.scrollToIndex(index));

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="table"
        aria-label="Runs"
        aria-rowcount={props.total + 1}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="h-full overflow-y-auto outline-none"
      >
        <TableHead />
        <div role="rowgroup" className="relative" style={{ height }}>
          {drawn.map((item) => {
            const run = runs[item.index];
            return run === undefined ? null : (
              <div
                key={item.key}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
              >
                <Panel what="The run" of={run} instead={<FaultyRow runId={run.runId} index={item.index} />}>
                  <RunRow run={run} index={item.index} onLabel={props.onLabel} onNear={props.onNear} />
                </Panel>
              </div>
            );
          })}
        </div>
        {props.footer}
      </div>
    </div>
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
