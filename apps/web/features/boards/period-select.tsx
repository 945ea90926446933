"use client";

import { Select } from "@/components/field.tsx";
import { isRangePreset, type RangePreset, rangePresets } from "@/lib/time-range.ts";

interface PeriodSelectProps {
  readonly value: RangePreset | undefined;
  /** What it is called where none is chosen; absent: one always is. */
  readonly none?: string;
  readonly onChange: (period: RangePreset | undefined) => void;
}

/** A period that moves along with now. */
export function PeriodSelect({ value, none, onChange }: PeriodSelectProps) {
  return (
    <Select
      aria-label="Period"
      className="max-w-48"
      value={value ?? ""}
      onChange={({ target }) => onChange(isRangePreset(target.value) ? target.value : undefined)}
    >
      {none === undefined ? null : <option value="">{none}</option>}
      {Object.entries(rangePresets).map(([preset, { label }]) => (
        <option key={preset} value={preset}>
          {label}
        </option>
      ))}
    </Select>
  );
}
