"use client";

import type { EventView } from "@downbeat/api/views";
import { clsx } from "clsx";
import { ChevronRight, History } from "lucide-react";
import { memo } from "react";
import { Button } from "@/components/button.tsx";
import { JsonView } from "@/components/json-view.tsx";
import { TimedText } from "@/components/timed-text.tsx";
import { toneText } from "@/components/tone.ts";
import { formatClockMs, formatFull } from "@/lib/absolute-time.ts";
import { formatDuration } from "@/lib/duration.ts";
import { CopyLink } from "../copy-link.tsx";
import { eventText } from "./event-text.ts";
import { lookOfEvent } from "./event-types.ts";

interface EventRowProps {
  readonly runId: string;
  readonly event: EventView;
  readonly cause: EventView | undefined;
  readonly startedAt: number;
  readonly byClock: boolean;
  readonly isOpen: boolean;
  readonly isMarked: boolean;
  readonly onToggle: (seq: number) => void;
  readonly onGoTo: (seq: number) => void;
  readonly onState: (seq: number) => void;
}

export const EventRow = memo(function EventRow(props: EventRowProps) {
  const { runId, event, cause, startedAt, byClock, isOpen, isMarked, onToggle, onGoTo, onState } = props;
  const look = lookOfEvent(event.event.type);
  const Icon = look.icon;
  return (
    <div className={clsx("border-line border-b", isMarked && "bg-accent-soft")}>
      <button
        type="button"
        data-event={event.seq}
        aria-expanded={isOpen}
        onClick={() => onToggle(event.seq)}
        className="flex h-7 w-full items-center gap-2 pr-3 pl-6 max-[700px]:pl-3 text-left outline-none hover:bg-[color-mix(in_srgb,var(--ink)_4%,transparent)] focus-visible:outline-2 focus-visible:outline-accent focus-visible:-outline-offset-2"
      >
        <span className="w-11 max-[700px]:w-7 shrink-0 text-ink-3 text-small">{event.seq}</span>
        <span className="w-22 max-[700px]:w-16 shrink-0 text-ink-2 text-small" title={formatFull(event.at)}>
          {byClock ? formatClockMs(event.at) : `+${formatDuration(event.at - startedAt)}`}
        </span>
        <Icon
          aria-hidden
          size={13}
          strokeWidth={2.25}
          className={clsx("shrink-0", look.tone === undefined ? "text-ink-3" : toneText[look.tone])}
        />
        <span className={clsx("min-w-0 flex-1 truncate", look.tone === undefined && "text-ink-2")}>
          <TimedText text={event.sentence} times={event.sentenceTimes} />
        </span>
        <ChevronRight aria-hidden size={13} className={clsx("shrink-0 text-ink-3", isOpen && "rotate-90")} />
      </button>
      {isOpen ? (
        <div className="pt-1 pr-4 pb-3 pl-19 max-[700px]:pl-3">
          <p className="mb-2 text-ink-2 text-small">
            <span className="font-strong text-ink">{event.event.type}</span> at {formatFull(event.at)}
            {cause === undefined ? (
              <>
                {" "}
                · caused by input <span className="break-all font-mono">{event.inputId}</span>
              </>
            ) : (
              <>
                {" "}
                · because of{" "}
                <button
                  type="button"
                  onClick={() => onGoTo(cause.seq)}
                  className="rounded text-accent hover:underline"
                >
                  {cause.seq} <TimedText text={cause.sentence} times={cause.sentenceTimes} />
                </button>
              </>
            )}
          </p>
          <p className="mb-2 -ml-2 flex items-center gap-1">
            <Button size="small" look="quiet" onClick={() => onState(event.seq)}>
              <History aria-hidden size={13} /> The run after this event
            </Button>
            <CopyLink runId={runId} event={event.seq} />
          </p>
          <JsonView text={eventText(event)} what="event" />
        </div>
      ) : null}
    </div>
  );
});
