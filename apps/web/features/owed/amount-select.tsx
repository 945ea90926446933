"use client";

import type { OwedTotals } from "@downbeat/api/views";
import { Select } from "@/components/field.tsx";
import { formatCount } from "@/lib/number.ts";
import { amountWords } from "./owed-words.ts";

interface AmountSelectProps {
  readonly value: string | undefined;
  readonly known: OwedTotals["amounts"];
  readonly onChange: (amount: string | undefined) => void;
}

/** Of the numbers that there are, the one to sum. */
export function AmountSelect({ value, known, onChange }: AmountSelectProps) {
  const isKnown = value === undefined || known.some(({ path }) => path === value);
  return (
    <Select
      aria-label="Amount"
      className="max-w-72"
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value === "" ? undefined : target.value)}
    >
      <option value="">Sum no amount</option>
      {isKnown ? null : <option value={value}>{amountWords(value)} (in none)</option>}
      {known.map(({ path, counted }) => (
        <option key={path} value={path}>
          {amountWords(path)} (in {formatCount(counted)})
        </option>
      ))}
    </Select>
  );
}
