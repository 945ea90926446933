"use client";

import type { TimerView } from "@downbeat/api/views";
import { clsx } from "clsx";
import Link from "next/link";
import { Cell } from "@/components/cell.tsx";
import { BodyRow } from "@/components/table-row.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import type { ActionRequest } from "@/features/actions/request.ts";
import { formatFull, formatMoment, isoTime } from "@/lib/absolute-time.ts";
import { known } from "@/lib/known.ts";
import { shortId } from "@/lib/short-id.ts";
import { useNow } from "@/lib/use-now.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { columns, notNarrow, wideOnly } from "./columns.ts";
import { TimerButtons } from "./timer-buttons.tsx";
import { comingWords, kindLooks } from "./timer-words.ts";

interface TimerRowProps {
  readonly timer: TimerView;
  readonly index: number;
  readonly onAsk: (request: ActionRequest) => void;
}

export function TimerRow({ timer, index, onAsk }: TimerRowProps) {
  const routes = useRoutes();
  const now = useNow(1_000);
  const isOverdue = timer.dueAt < now;
  const Icon = known(kindLooks, timer.kind)?.icon;
  const run = (className: string) => (
    <Link
      href={routes.run(timer.runId, { row: timer.id })}
      title={timer.runId}
      className={clsx("truncate rounded font-mono hover:underline", className)}
    >
      {shortId(timer.runId, 24)}
    </Link>
  );
  return (
    <BodyRow columns={columns} index={index}>
      <Cell className={clsx("flex min-w-0 gap-3 whitespace-nowrap", isOverdue ? "text-stuck" : "text-ink-2")}>
        <TimeAgo at={timer.dueAt} className="shrink-0" />
        {run("hidden max-[700px]:inline text-ink-3")}
      </Cell>
      <Cell className={clsx("truncate text-ink-2", wideOnly)}>
        <time dateTime={isoTime(timer.dueAt)} title={formatFull(timer.dueAt)}>
          {formatMoment(timer.dueAt, now)}
        </time>
      </Cell>
      <Cell className="flex min-w-0 items-center gap-2 max-[700px]:col-span-2 max-[700px]:row-start-2">
        {Icon === undefined ? null : <Icon aria-hidden size={14} className="shrink-0 text-ink-3" />}
        <span className="truncate" title={comingWords(timer)}>
          {comingWords(timer)}
        </span>
      </Cell>
      <Cell className={clsx("flex min-w-0", notNarrow)}>{run("")}</Cell>
      <Cell className={clsx("truncate text-ink-2", wideOnly)}>{timer.workflow}</Cell>
      <Cell className="flex justify-end max-[700px]:col-start-2 max-[700px]:row-start-1">
        <TimerButtons timer={timer} index={index} onAsk={onAsk} />
      </Cell>
    </BodyRow>
  );
}
