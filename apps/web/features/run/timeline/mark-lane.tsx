"use client";

import { clsx } from "clsx";
import { UserRound } from "lucide-react";
import { useState } from "react";
import { Popover } from "@/components/popover.tsx";
import { TimedText } from "@/components/timed-text.tsx";
import { toneText } from "@/components/tone.ts";
import { formatFull } from "@/lib/absolute-time.ts";
import { formatDuration } from "@/lib/duration.ts";
import { plural } from "@/lib/number.ts";
import { lookOfEvent } from "../events/event-types.ts";
import { clusterMarks, type Mark } from "../model/marks.ts";
import type { TimelineLayout } from "./layout.ts";
import type { TimeScale } from "./scale.ts";

interface MarkLaneProps {
  readonly marks: readonly Mark[];
  readonly scale: TimeScale;
  readonly layout: TimelineLayout;
  readonly startedAt: number;
  readonly onMark: (mark: Mark) => void;
}

const apart = 18;

/** What the run itself did, and what people did with it, on the axis of the rows. */
export function MarkLane({ marks, scale, layout, startedAt, onMark }: MarkLaneProps) {
  const clusters = clusterMarks(marks, scale, apart);
  if (marks.length === 0) return null;
  return (
    <section aria-label="Actions and decisions" className="relative h-6 border-line border-b">
      {layout.isStacked ? null : (
        <h3 className="absolute top-1 text-ink-3 text-small" style={{ left: layout.margin }}>
          Actions and decisions
        </h3>
      )}
      <div className="absolute inset-y-0" style={{ left: layout.trackLeft, width: scale.width }}>
        {clusters.map(({ x, marks: together }) => (
          <Cluster key={together[0]?.key ?? x} x={x} marks={together} startedAt={startedAt} onMark={onMark} />
        ))}
      </div>
    </section>
  );
}

interface ClusterProps {
  readonly x: number;
  readonly marks: readonly Mark[];
  readonly startedAt: number;
  readonly onMark: (mark: Mark) => void;
}

function Cluster({ x, marks, startedAt, onMark }: ClusterProps) {
  const [isOpen, setOpen] = useState(false);
  const head = marks.reduce((best, mark) => (weightOf(mark) > weightOf(best) ? mark : best));
  const { Icon, tone } = lookOf(head);
  const label = marks.length === 1 ? head.text : `${plural(marks.length, "event")}, among them: ${head.text}`;
  const face = (
    <button
      data-control=""
      type="button"
      aria-label={label}
      title={`${label}\n${formatFull(head.at)}`}
      onClick={marks.length === 1 ? () => onMark(head) : undefined}
      className={clsx(
        "-translate-x-1/2 absolute top-0.5 flex h-5 items-center gap-0.5 rounded px-0.5 hover:bg-sunken",
        tone === undefined ? "text-ink-3" : toneText[tone],
      )}
      style={{ left: x }}
    >
      <Icon aria-hidden size={13} strokeWidth={2.25} />
      {marks.length === 1 ? null : <span className="text-[10px] leading-none">{marks.length}</span>}
    </button>
  );
  if (marks.length === 1) return face;
  return (
    <Popover
      label={plural(marks.length, "action or decision", "actions and decisions")}
      open={isOpen}
      onOpenChange={setOpen}
      trigger={face}
    >
      <ol className="max-h-80 w-96 max-w-[80vw] overflow-y-auto">
        {marks.map((mark) => {
          const look = lookOf(mark);
          return (
            <li key={mark.key}>
              <button
                type="button"
                onClick={() => {
                  setOpen(false);
                  onMark(mark);
                }}
                className="flex w-full items-center gap-2 rounded px-1.5 py-1 text-left hover:bg-hover"
              >
                <look.Icon
                  aria-hidden
                  size={13}
                  className={clsx("shrink-0", look.tone === undefined ? "text-ink-3" : toneText[look.tone])}
                />
                <span className="min-w-0 flex-1 truncate">
                  <TimedText text={mark.text} times={mark.times} />
                </span>
                <span className="shrink-0 text-ink-3 text-small">+{formatDuration(mark.at - startedAt)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </Popover>
  );
}

function lookOf({ type, seq }: Mark) {
  // What is known as an action only was a person's.
  if (seq === undefined) return { Icon: UserRound, tone: "running" as const };
  const { icon: Icon, tone } = lookOfEvent(type);
  return { Icon, tone };
}

/** People before what went wrong before all else; that the code answered says least. */
function weightOf(mark: Mark): number {
  if (mark.seq === undefined || lookOfEvent(mark.type).group === "Actions") return 3;
  if (lookOfEvent(mark.type).tone !== undefined) return 2;
  return mark.type === "CodeAnswered" ? 0 : 1;
}
