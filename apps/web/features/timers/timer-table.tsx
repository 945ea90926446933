"use client";

import type { TimerView } from "@downbeat/api/views";
import type { ActionRequest } from "@/features/actions/request.ts";
import { useMedia } from "@/lib/use-media.ts";
import { RowTable } from "@/shell/row-table.tsx";
import { narrow, rowHeightIn } from "./columns.ts";
import { TimerRow } from "./timer-row.tsx";
import { TimerTableHead } from "./timer-table-head.tsx";

interface TimerTableProps {
  readonly timers: readonly TimerView[];
  readonly total: number;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly onAsk: (request: ActionRequest) => void;
}

const keyOf = ({ runId, id }: TimerView): string => `${runId} ${id}`;

export function TimerTable({ timers, total, hasMore, onMore, onAsk }: TimerTableProps) {
  return (
    <RowTable
      what="timer"
      label="Timers and waits"
      items={timers}
      total={total}
      rowHeight={rowHeightIn(useMedia(narrow))}
      keyOf={keyOf}
      head={<TimerTableHead />}
      row={(timer, index) => <TimerRow timer={timer} index={index} onAsk={onAsk} />}
      hasMore={hasMore}
      onMore={onMore}
    />
  );
}
