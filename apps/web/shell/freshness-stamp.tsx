"use client";

import { clsx } from "clsx";
import { Popover } from "@/components/popover.tsx";
import { formatFull } from "@/lib/absolute-time.ts";
import { known } from "@/lib/known.ts";
import { useNow } from "@/lib/use-now.ts";
import type { LiveState } from "@/live/live-connection.ts";
import { useLiveState } from "@/live/live-provider.tsx";
import { describeFreshness, partNames } from "./freshness.ts";

const dots = { live: "bg-completed", broken: "bg-stuck", away: "bg-ended" } as const;

/** Whether what is shown is what is; asked further, of each part that it depends on. */
export function FreshnessStamp() {
  const state = useLiveState();
  const look = describeFreshness(state, useNow(1_000));
  return (
    <Popover
      label="How fresh this is"
      align="end"
      trigger={
        <button
          type="button"
          title="How fresh this is, part by part"
          className="flex items-center gap-1.5 whitespace-nowrap rounded px-1 text-ink-3 text-small hover:text-ink-2"
        >
          <span aria-hidden className={clsx("size-2 rounded-full", dots[look.tone])} />
          <span
            role="status"
            className={clsx(
              look.tone === "broken"
                ? "font-strong text-stuck"
                : look.tone !== "live" && "font-strong text-ink-2",
            )}
          >
            {look.text}
          </span>
          {look.detail === undefined ? null : <span>· {look.detail}</span>}
        </button>
      }
    >
      <Parts state={state} />
    </Popover>
  );
}

function Parts({ state: { connection, freshness, parts = [] } }: { state: LiveState }) {
  const isOpen = connection === "open";
  return (
    <dl className="grid max-w-[min(420px,90vw)] grid-cols-[auto_1fr] gap-x-3 gap-y-1.5 p-2 text-small">
      <Row name="This page" isLive={isOpen}>
        {isOpen ? "follows the server" : "has no connection to the server; what it shows is old"}
      </Row>
      {parts.map(({ part, isLive, words }) => (
        // What a server said that is away may be over.
        <Row key={part} name={known(partNames, part) ?? part} isLive={isOpen ? isLive : undefined}>
          {isOpen ? words : `was: ${words}`}
        </Row>
      ))}
      {freshness === undefined ? null : (
        <Row name="Complete to" isLive={undefined}>
          {formatFull(freshness.completeTo)}
        </Row>
      )}
    </dl>
  );
}

function Row({ name, isLive, children }: { name: string; isLive: boolean | undefined; children: string }) {
  return (
    <>
      <dt className="flex items-center gap-1.5 whitespace-nowrap text-ink-2">
        <span
          aria-hidden
          className={clsx(
            "size-2 rounded-full",
            isLive === undefined ? "bg-transparent" : isLive ? "bg-completed" : "bg-stuck",
          )}
        />
        {name}
      </dt>
      <dd className={clsx("min-w-0 break-words", isLive === false && "font-strong text-stuck")}>
        {children}
      </dd>
    </>
  );
}
