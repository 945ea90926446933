"use client";

import { useState } from "react";
import { describeRange } from "@/lib/range-words.ts";
import { isRangePreset, rangePresets, type TimeRange } from "@/lib/time-range.ts";
import { fromWallText, wallText } from "@/lib/wall-time.ts";
import { Button } from "./button.tsx";
import { Field, TextInput } from "./field.tsx";
import { PeriodChoice, PeriodChoices, PeriodPopover } from "./period-popover.tsx";

interface RangePickerProps {
  readonly range: TimeRange;
  readonly onChange: (range: TimeRange) => void;
  /** "All time" is a choice. */
  readonly allowAll?: boolean;
  /** What the range is about, e.g. "Started". */
  readonly subject?: string;
}

export function RangePicker({ range, onChange, allowAll = false, subject }: RangePickerProps) {
  return (
    <PeriodPopover label="Time range" align="end" subject={subject} shown={describeRange(range)}>
      {(close) => {
        const choose = (next: TimeRange): void => {
          close();
          onChange(next);
        };
        return (
          <>
            <PeriodChoices>
              {allowAll ? (
                <PeriodChoice
                  word="All time"
                  isChosen={range.type === "all"}
                  onClick={() => choose({ type: "all" })}
                />
              ) : null}
              {Object.entries(rangePresets).map(([preset, { label }]) => (
                <PeriodChoice
                  key={preset}
                  word={label}
                  isChosen={range.type === "last" && range.preset === preset}
                  onClick={() => isRangePreset(preset) && choose({ type: "last", preset })}
                />
              ))}
            </PeriodChoices>
            <CustomRange range={range} onChoose={choose} />
          </>
        );
      }}
    </PeriodPopover>
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
