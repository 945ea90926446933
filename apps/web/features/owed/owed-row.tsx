"use client";

import type { OwedView } from "@downbeat/api/views";
import { failureWords } from "@downbeat/domain";
import { clsx } from "clsx";
import Link from "next/link";
import { Cell } from "@/components/cell.tsx";
import { LabelChips } from "@/components/labels.tsx";
import { BodyRow } from "@/components/table-row.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { toneText } from "@/components/tone.ts";
import { known } from "@/lib/known.ts";
import { formatExact } from "@/lib/number.ts";
import { shortId } from "@/lib/short-id.ts";
import { shownText } from "@/lib/shown-text.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { columns, notNarrow, wideOnly } from "./columns.ts";
import { standingLooks } from "./owed-words.ts";

interface OwedRowProps {
  readonly owed: OwedView;
  readonly index: number;
  readonly hasAmount: boolean;
}

export function OwedRow({ owed, index, hasAmount }: OwedRowProps) {
  const routes = useRoutes();
  const look = known(standingLooks, owed.standing);
  const Icon = look?.icon;
  const why = owed.failure === undefined ? undefined : shownText(failureWords(owed.failure));
  return (
    <BodyRow columns={columns} index={index}>
      <Cell className="whitespace-nowrap text-ink-2 max-[700px]:row-start-2 max-[700px]:text-small">
        <TimeAgo at={owed.since} />
      </Cell>
      <Cell className="truncate">
        <Link
          data-row={index}
          href={routes.run(owed.runId, owed.rowId === undefined ? {} : { row: owed.rowId })}
          title={`${owed.jobType}, of the run ${owed.runId}`}
          className="rounded hover:underline"
        >
          {owed.jobType}
          <span className="hidden font-mono text-ink-3 max-[700px]:inline"> {shortId(owed.runId, 18)}</span>
        </Link>
      </Cell>
      <Cell className={clsx("flex items-center gap-1.5 whitespace-nowrap", look && toneText[look.tone])}>
        {Icon === undefined ? null : <Icon aria-hidden size={13} className="shrink-0" />}
        {look?.word ?? owed.standing}
      </Cell>
      <Cell className={clsx("flex min-w-0 items-center gap-2 overflow-hidden", notNarrow)}>
        <span className="max-w-44 shrink-0 truncate font-mono text-ink-2" title={owed.runId}>
          {shortId(owed.runId, 20)}
        </span>
        <LabelChips labels={owed.labels} runId={owed.runId} />
      </Cell>
      <Cell className={clsx("truncate text-ink-2", wideOnly)}>
        {why === undefined ? null : <span title={why}>{why}</span>}
      </Cell>
      <Cell className="truncate text-right max-[700px]:col-start-2 max-[700px]:row-start-2">
        {hasAmount ? (
          owed.amount === undefined ? (
            <span className="text-ink-3" title="It has no number there">
              –
            </span>
          ) : (
            <span title={owed.amount}>{formatExact(owed.amount)}</span>
          )
        ) : (
          <span className="text-ink-2" title={owed.workflow}>
            {owed.workflow}
          </span>
        )}
      </Cell>
    </BodyRow>
  );
}
