"use client";

import { Field, Select } from "@/components/field.tsx";
import { useSavedQueries } from "@/features/analytics/use-analytics.ts";
import { useGoals } from "@/features/goals/use-goals.ts";
import { useRefusal } from "@/lib/use-refusal.ts";

interface GoalSelectProps {
  readonly value: string | undefined;
  readonly onChange: (goalId: string | undefined) => void;
}

export function GoalSelect({ value, onChange }: GoalSelectProps) {
  const { data } = useGoals();
  const goals = data?.goals ?? [];
  const hint =
    data !== undefined && goals.length === 0 ? "None yet. Create one under Figures, New goal…" : undefined;
  return (
    <SavedSelect
      label="Goal"
      hint={hint}
      value={value}
      saved={goals.map(({ id, goal }) => ({ id, name: goal.name }))}
      onChange={onChange}
    />
  );
}

interface QuerySelectProps {
  readonly value: string | undefined;
  readonly view: "table" | "chart";
  readonly onChange: (queryId: string | undefined) => void;
  readonly onView: (view: "table" | "chart") => void;
}

export function QuerySelect(props: QuerySelectProps) {
  const refusal = useRefusal("askSql");
  return refusal === undefined ? <KnownQueries {...props} /> : <p className="mb-4 text-ink-2">{refusal}</p>;
}

function KnownQueries({ value, view, onChange, onView }: QuerySelectProps) {
  const { data } = useSavedQueries();
  const queries = data?.queries ?? [];
  const hint =
    data !== undefined && queries.length === 0
      ? "None yet. Save one under Analytics."
      : "Only people who may run SQL see its results.";
  return (
    <div className="grid grid-cols-2 gap-x-4 max-[500px]:grid-cols-1">
      <SavedSelect label="Saved query" hint={hint} value={value} saved={queries} onChange={onChange} />
      <Field label="As">
        {(ids) => (
          <Select
            {...ids}
            value={view}
            onChange={({ target }) => onView(target.value === "chart" ? "chart" : "table")}
          >
            <option value="table">Table</option>
            <option value="chart">Chart</option>
          </Select>
        )}
      </Field>
    </div>
  );
}

interface SavedSelectProps {
  readonly label: string;
  readonly hint: string | undefined;
  readonly value: string | undefined;
  readonly saved: readonly { readonly id: string; readonly name: string }[];
  readonly onChange: (id: string | undefined) => void;
}

function SavedSelect({ label, hint, value, saved, onChange }: SavedSelectProps) {
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <Select
          {...ids}
          value={value ?? ""}
          onChange={({ target }) => onChange(target.value === "" ? undefined : target.value)}
        >
          <option value="">Choose…</option>
          {saved.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
