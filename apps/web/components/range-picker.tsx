"use client";

import { clsx } from "clsx";
import { Calendar, ChevronDown } from "lucide-react";
import { useState } from "react";
import { describeRange } from "@/lib/range-words.ts";
import { isRangePreset, rangePresets, type TimeRange } from "@/lib/time-range.ts";
import { fromWallText, wallText } from "@/lib/wall-time.ts";
import { Button } from "./button.tsx";
import { Field, TextInput } from "./field.tsx";
import { Popover } from "./popover.tsx";

interface RangePickerProps {
  readonly range: TimeRange;
  readonly onChange: (range: TimeRange) => void;
  /** "All time" is a choice. */
  readonly allowAll?: boolean;
  /** What the range is about, e.g. "Started". */
  readonly subject?: string;
}

export function RangePicker({ range, onChange, allowAll = false, subject }: RangePickerProps) {
  const [isOpen, setOpen] = useState(false);
  function choose(next: TimeRange): void {
    setOpen(false);
    onChange(next);
  }
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      label="Time range"
      align="end"
      trigger={
        <Button>
          <Calendar aria-hidden size={14} className="text-ink-3" />
          {subject === undefined ? null : <span className="text-ink-3">{subject}</span>}
          {describeRange(range)}
          <ChevronDown aria-hidden size={14} className="text-ink-3" />
        </Button>
      }
    >
      <div className="flex">
        <ul className="w-44 py-1">
          {allowAll ? (
            <Choice word="All time" isChosen={range.type === "all"} onClick={() => choose({ type: "all" })} />
          ) : null}
          {Object.entries(rangePresets).map(([preset, { label }]) => (
            <Choice
              key={preset}
              word={label}
              isChosen={range.type === "last" && range.preset === preset}
              onClick={() => isRangePreset(preset) && choose({ type: "last", preset })}
            />
          ))}
        </ul>
        <CustomRange range={range} onChoose={choose} />
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

/** From one moment to another, either of which may be left open. */
export function CustomRange({ range, onChoose }: { range: TimeRange; onChoose: (range: TimeRange) => void }) {
  const between = range.type === "between" ? range : undefined;
  const [from, setFrom] = useState(() => typedAs(between?.from));
  const [to, setTo] = useState(() => typedAs(between?.to));
  const isBackwards = from !== "" && to !== "" && from >= to;
  return (
    <form
      className="ml-1.5 w-56 border-line border-l py-1.5 pl-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isBackwards) return;
        const [start, end] = [fromWallText(from), fromWallText(to)];
        onChoose({
          type: "between",
          ...(start === undefined ? {} : { from: start }),
          ...(end === undefined ? {} : { to: end }),
        });
      }}
    >
      <Field label="From">
        {(ids) => (
          <TextInput
            {...ids}
            type="datetime-local"
            step={1}
            value={from}
            onChange={(e) => setFrom(e.target.value)}
          />
        )}
      </Field>
      <Field label="To" error={isBackwards ? "The end is before the start." : undefined}>
        {(ids) => (
          <TextInput
            {...ids}
            type="datetime-local"
            step={1}
            value={to}
            onChange={(e) => setTo(e.target.value)}
          />
        )}
      </Field>
      <Button type="submit" disabled={(from === "" && to === "") || isBackwards}>
        Use this range
      </Button>
    </form>
  );
}

function typedAs(at: number | undefined): string {
  return at === undefined ? "" : (wallText(at) ?? "");
}
