"use client";

import type { ComparedWith } from "@downbeat/api/views";
import { comparedWith } from "@/app/[tenant]/[namespace]/search-params.ts";
import { Select } from "@/components/field.tsx";

interface CompareSelectProps {
  readonly value: ComparedWith | undefined;
  readonly onChange: (value: ComparedWith | undefined) => void;
}

export const comparedWords: Readonly<Record<ComparedWith, string>> = {
  before: "Against the period before",
  week: "Against a week ago",
};

export function CompareSelect({ value, onChange }: CompareSelectProps) {
  return (
    <Select
      aria-label="Compare"
      className="max-w-56"
      value={value ?? ""}
      onChange={(event) => onChange(comparedWith.find((choice) => choice === event.target.value))}
    >
      <option value="">No comparison</option>
      {comparedWith.map((choice) => (
        <option key={choice} value={choice}>
          {comparedWords[choice]}
        </option>
      ))}
    </Select>
  );
}
