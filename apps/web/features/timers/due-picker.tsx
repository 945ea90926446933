"use client";

import {
  type DuePreset,
  duePresets,
  type TimersParams,
} from "@/app/[tenant]/[namespace]/timers/search-params.ts";
import { PeriodChoice, PeriodChoices, PeriodPopover } from "@/components/period-popover.tsx";
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
  const { due, from, to } = params;
  const between = from !== undefined || to !== undefined;
  const range = {
    type: "between",
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  } as const;
  const shown = due === undefined ? (between ? describeRange(range) : "Any time") : words[due];
  return (
    <PeriodPopover label="When it is due" subject="Due" shown={shown}>
      {(close) => {
        const choose = (period: Period): void => {
          close();
          onChange({ ...always, ...period });
        };
        return (
          <>
            <PeriodChoices>
              <PeriodChoice
                word="Any time"
                isChosen={due === undefined && !between}
                onClick={() => choose(always)}
              />
              {duePresets.map((preset) => (
                <PeriodChoice
                  key={preset}
                  word={words[preset]}
                  isChosen={due === preset}
                  onClick={() => choose({ due: preset })}
                />
              ))}
            </PeriodChoices>
            <CustomRange
              range={range}
              onChoose={(chosen) => chosen.type === "between" && choose({ from: chosen.from, to: chosen.to })}
            />
          </>
        );
      }}
    </PeriodPopover>
  );
}
