"use client";

import { Field, TextInput } from "@/components/field.tsx";
import { FilterFields } from "@/features/runs/filter-fields.tsx";
import type { GoalDraft } from "./goal-draft.ts";

interface GoalFieldsProps {
  readonly draft: GoalDraft;
  readonly onChange: (draft: GoalDraft) => void;
}

export function GoalFields({ draft, onChange }: GoalFieldsProps) {
  const change = (patch: Partial<GoalDraft>) => onChange({ ...draft, ...patch });
  const number = (label: string, field: "percent" | "seconds" | "days", hint: string) => (
    <Field label={label} hint={hint}>
      {(ids) => (
        <TextInput
          {...ids}
          inputMode="decimal"
          value={draft[field]}
          onChange={({ target }) => change({ [field]: target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <FilterFields filter={draft} onChange={change} />
      <div className="grid grid-cols-3 gap-x-4 max-[500px]:grid-cols-1">
        {number("Per cent", "percent", "Share of runs that should be good")}
        {number("Within, seconds", "seconds", "Empty: however long")}
        {number("Over, days", "days", "1, 7 or 28, say")}
      </div>
      <label className="mb-4 flex items-center gap-2">
        <input
          type="checkbox"
          checked={draft.countsCancelled}
          onChange={({ target }) => change({ countsCancelled: target.checked })}
        />
        Cancelled and terminated runs count, as bad ones
      </label>
    </>
  );
}
