"use client";

import type { JobRow } from "@downbeat/api/views";
import { JsonView } from "@/components/json-view.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { formatFull } from "@/lib/absolute-time.ts";
import { shownText } from "@/lib/shown-text.ts";
import type { ShownRow } from "../timeline/still-rows.ts";
import { Section } from "./section.tsx";

export function WaitDetail({ row }: { row: Exclude<ShownRow, JobRow> }) {
  return (
    <>
      <dl className="mb-4 grid grid-cols-[110px_1fr] gap-y-1">
        <Fact name="Waits since" at={row.from} />
        {row.dueAt === undefined ? null : (
          <Fact name={row.kind === "timer" ? "Until" : "Times out"} at={row.dueAt} />
        )}
        {row.kind === "signal" && row.receivedAt !== undefined ? (
          <Fact name="Received" at={row.receivedAt} />
        ) : null}
        {row.to === undefined ? null : (
          <Fact name={row.isStill === undefined ? "Ended" : "Known until"} at={row.to} />
        )}
        {row.kind === "signal" && row.actor !== undefined ? (
          <>
            <dt className="text-ink-3">From</dt>
            <dd>{shownText(row.actor)}</dd>
          </>
        ) : null}
      </dl>
      {row.kind === "signal" && row.payload !== undefined ? (
        <Section title="Payload">
          <JsonView text={row.payload} what="payload" />
        </Section>
      ) : null}
    </>
  );
}

function Fact({ name, at }: { name: string; at: number }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd>
        {formatFull(at)}{" "}
        <span className="text-ink-3">
          (<TimeAgo at={at} />)
        </span>
      </dd>
    </>
  );
}
