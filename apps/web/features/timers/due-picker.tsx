"use client";

import { clsx } from "clsx";
import { Calendar, ChevronDown } from "lucide-react";
import { useState } from "react";
import {
  type DuePreset,
  duePresets,
  type TimersParams,
} from "@/app/[tenant]/[namespace]/timers/search-params.ts";
import { Button } from "@/components/button.tsx";
import { Popover } from "@/components/popover.tsx";
import { CustomRange } from "@/components/range-picker.tsx";
import { describeRange } from "@/lib/range-words.ts";

const words: Readonly<Record<DuePreset, string>> = {
  overdue: "Overdue",
  "1h": "Within the hour",
  "24h": "Within 24 hours",
  "7d": "Within 7 days",
};

type Period = Pick<TimersParams, "due" | "from" | "to">;

interface DuePickerProps {
  readonly params: Period;
  readonly onChange: (period: Period) => void;
}

const always: Period = { due: undefined, from: undefined, to: undefined };

/** Which moments are asked for: those to come, where a run list asks for those that were. */
export function DuePicker({ params, onChange }: DuePickerProps) {
  const [isOpen, setOpen] = useState(false);
  const { due, from, to } = params;
  const between = from !== undefined || to !== undefined;
  const range = {
    type: "between",
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  } as const;
  const shown = due === undefined ? (between ? describeRange(range) : "Any time") : words[due];
  function choose(period: Period): void {
    setOpen(false);
    onChange({ ...always, ...period });
  }
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      label="When it is due"
      trigger={
        <Button>
          <Calendar aria-hidden size={14} className="text-ink-3" />
          <span className="text-ink-3">Due</span> {shown}
          <ChevronDown aria-hidden size={14} className="text-ink-3" />
        </Button>
      }
    >
      <div className="flex">
        <ul className="w-44 py-1">
          <Choice word="Any time" isChosen={due === undefined && !between} onClick={() => choose(always)} />
          {duePresets.map((preset) => (
            <Choice
              key={preset}
              word={words[preset]}
              isChosen={due === preset}
              onClick={() => choose({ due: preset })}
            />
          ))}
        </ul>
        <CustomRange
          range={range}
          onChoose={(chosen) => chosen.type === "between" && choose({ from: chosen.from, to: chosen.to })}
        />
      </div>
    </Popover>
  );
}

function Choice({ word, isChosen, onClick }: { word: string; isChosen: boolean; onClick: () => void }) {
  return (
    <li>
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={onClick}
        className={clsx(
          "h-8 w-full rounded-md px-2.5 text-left hover:bg-hover",
          isChosen ? "bg-accent-soft font-strong" : "text-ink-2",
        )}
      >
        {word}
      </button>
    </li>
  );
}
