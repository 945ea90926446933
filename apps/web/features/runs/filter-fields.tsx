"use client";

import { Field, TextInput } from "@/components/field.tsx";
import { WorkflowSelect } from "./workflow-select.tsx";

interface Filter {
  readonly workflow?: string | undefined;
  /** As they are typed: `country=JP AND tier=gold`. */
  readonly labels: string;
}

interface FilterFieldsProps {
  readonly filter: Filter;
  readonly onChange: (patch: Partial<Filter>) => void;
}

/** Of which runs something is said. */
export function FilterFields({ filter, onChange }: FilterFieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-x-4 max-[500px]:grid-cols-1">
      <div className="mb-4">
        <p className="mb-1 font-strong">Of which workflow</p>
        <WorkflowSelect value={filter.workflow} onChange={(workflow) => onChange({ workflow })} />
      </div>
      <Field label="With labels" hint="Such as country=JP AND tier=gold">
        {(ids) => (
          <TextInput
            {...ids}
            maxLength={500}
            value={filter.labels}
            onChange={({ target }) => onChange({ labels: target.value })}
          />
        )}
      </Field>
    </div>
  );
}
