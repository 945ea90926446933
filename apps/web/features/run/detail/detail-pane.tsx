"use client";

import type { RunView } from "@downbeat/api/views";
import { X } from "lucide-react";
import { IconButton } from "@/components/button.tsx";
import { StatusMark } from "@/components/status-mark.tsx";
import { CopyLink } from "../copy-link.tsx";
import { rowLook, rowName } from "../timeline/row-texts.ts";
import type { ShownRow } from "../timeline/still-rows.ts";
import { RowDetail } from "./load-row-detail.tsx";
import { RunDetail } from "./run-detail.tsx";

interface DetailPaneProps {
  readonly run: RunView;
  readonly row: ShownRow | undefined;
  readonly onRow: (rowId: string | undefined) => void;
}

/** The chosen row, or the run itself while none is chosen. */
export function DetailPane({ run, row, onRow }: DetailPaneProps) {
  return (
    <aside
      aria-label={row === undefined ? "Input and output" : "The chosen row"}
      className="flex min-h-0 w-[440px] shrink-0 flex-col border-line border-l bg-surface max-[1100px]:w-[360px] max-[900px]:max-h-[45%] max-[900px]:w-full max-[900px]:border-t max-[900px]:border-l-0"
    >
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b px-5">
        {row === undefined ? (
          <h2 className="font-strong">Input and output</h2>
        ) : (
          <>
            <h2 className="min-w-0 truncate font-strong">{rowName(row)}</h2>
            <span className="text-ink-3 text-small">{row.rowId}</span>
            <CopyLink runId={run.runId} row={row.rowId} />
            <span className="flex-1" />
            <StatusMark look={rowLook(row)} />
            <IconButton label="Back to the whole run (Esc)" onClick={() => onRow(undefined)}>
              <X aria-hidden size={15} />
            </IconButton>
          </>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto px-5 py-3 outline-none">
        {row === undefined ? <RunDetail run={run} onRow={onRow} /> : null}
        <RowDetail run={run} row={row} />
      </div>
    </aside>
  );
}
