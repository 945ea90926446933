"use client";

import { verbWords } from "@downbeat/api/audit-verbs";
import type { AuditEntry } from "@downbeat/api/views";
import { clsx } from "clsx";
import type { AuditParams } from "@/app/[tenant]/[namespace]/audit/search-params.ts";
import { Cell } from "@/components/cell.tsx";
import { BodyRow } from "@/components/table-row.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { toneText } from "@/components/tone.ts";
import { known } from "@/lib/known.ts";
import { shownText } from "@/lib/shown-text.ts";
import { columns, notNarrow, wideOnly } from "./columns.ts";
import { outcomeLooks } from "./outcome-looks.ts";
import { TargetLink } from "./target-link.tsx";
import { whoWords } from "./who-words.ts";

interface AuditRowProps {
  readonly entry: AuditEntry;
  readonly index: number;
  readonly onFilter: (patch: Partial<AuditParams>) => void;
  readonly onOpen: (entry: AuditEntry) => void;
}

export function AuditRow({ entry, index, onFilter, onOpen }: AuditRowProps) {
  const { at, who, from, verb, on, why, outcome, times } = entry;
  const look = known(outcomeLooks, outcome.is);
  const Icon = look?.icon;
  const reason = outcome.why ?? why ?? entry.sql;
  // Of all that it was done to, a run has a page.
  const target = on.find(({ what }) => what === "run") ?? on[0];
  return (
    <BodyRow columns={columns} index={index}>
      <Cell className="whitespace-nowrap text-ink-2 max-[700px]:row-start-2 max-[700px]:text-small">
        <TimeAgo at={at} />
      </Cell>
      <Cell className={clsx("truncate", notNarrow)}>
        {who.id === "" ? (
          <span className="text-ink-3">{whoWords(who)}</span>
        ) : (
          <button
            type="button"
            title={`${who.id}: show only theirs`}
            className="max-w-full truncate rounded hover:underline"
            onClick={() => onFilter({ who: who.id })}
          >
            {whoWords(who)}
          </button>
        )}
      </Cell>
      <Cell className="truncate">
        <button
          type="button"
          data-row={index}
          title="Show all of it"
          className="max-w-full truncate rounded text-left hover:underline"
          onClick={() => onOpen(entry)}
        >
          <span className="hidden max-[700px]:inline">{whoWords(who)}: </span>
          {verbWords(verb)}
          {times === undefined ? null : <span className="text-ink-3"> × {times}</span>}
        </button>
      </Cell>
      <Cell className={clsx("truncate", notNarrow)}>
        {target === undefined ? (
          <span className="text-ink-3">–</span>
        ) : (
          <TargetLink target={target} all={on} />
        )}
      </Cell>
      <Cell
        className={clsx(
          "flex items-center gap-1.5 whitespace-nowrap max-[700px]:col-start-2 max-[700px]:row-start-1",
          look && toneText[look.tone],
        )}
      >
        {Icon === undefined ? null : <Icon aria-hidden size={13} className="shrink-0" />}
        <span title={outcome.why ?? look?.meaning}>{look?.word ?? outcome.is}</span>
      </Cell>
      <Cell className={clsx("truncate text-ink-2", wideOnly)}>
        {reason === undefined ? null : <span title={shownText(reason)}>{shownText(reason)}</span>}
      </Cell>
      <Cell className={clsx("truncate text-ink-3", wideOnly)}>
        <span title={from?.agent}>{from?.address}</span>
      </Cell>
    </BodyRow>
  );
}
