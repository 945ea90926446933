"use client";

import type { AlertKind } from "@downbeat/api/views";
import { Field, Select, TextInput } from "@/components/field.tsx";
import { FilterFields } from "@/features/runs/filter-fields.tsx";
import { type ConditionDraft, emptyDraft, kindFields, kindWords } from "./condition-draft.ts";

interface ConditionFieldsProps {
  readonly draft: ConditionDraft;
  readonly onChange: (draft: ConditionDraft) => void;
}

const kinds = Object.keys(kindWords) as AlertKind[];

/** What is asked for depends on what is to be looked for. */
export function ConditionFields({ draft, onChange }: ConditionFieldsProps) {
  const { kind } = draft;
  const { fields, minutes, atLeast } = kindFields[kind];
  const change = (patch: Partial<ConditionDraft>) => onChange({ ...draft, ...patch });
  const number = (label: string, field: "minutes" | "atLeast" | "percent") => (
    <Field key={field} label={label}>
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
      <Field label="What is wrong">
        {(ids) => (
          <Select
            {...ids}
            value={kind}
            onChange={({ target }) => {
              const next = kinds.find((one) => one === target.value) ?? kind;
              const { workflow, labels } = draft;
              onChange({ ...emptyDraft(next), workflow, labels });
            }}
          >
            {kinds.map((one) => (
              <option key={one} value={one}>
                {kindWords[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {fields.includes("filter") ? <FilterFields filter={draft} onChange={change} /> : null}
      {fields.includes("jobType") ? (
        <Field label="Jobs of type" hint="Left empty: jobs of any type, and workflows’ code">
          {(ids) => (
            <TextInput
              {...ids}
              maxLength={100}
              value={draft.jobType}
              onChange={({ target }) => change({ jobType: target.value })}
            />
          )}
        </Field>
      ) : null}
      <div className="grid grid-cols-2 gap-x-4 max-[500px]:grid-cols-1">
        {fields.includes("percent") ? number("Failed, more than, percent", "percent") : null}
        {fields.includes("minutes") ? number(minutes ?? "Minutes", "minutes") : null}
        {fields.includes("atLeast") ? number(atLeast ?? "At least", "atLeast") : null}
      </div>
    </>
  );
}
