"use client";

import { Select } from "@/components/field.tsx";
import { useWorkflows } from "./use-workflows.ts";

interface WorkflowSelectProps {
  readonly value: string | undefined;
  readonly onChange: (workflow: string | undefined) => void;
}

export function WorkflowSelect({ value, onChange }: WorkflowSelectProps) {
  const known = useWorkflows() ?? [];
  const names = value === undefined || known.includes(value) ? known : [value, ...known];
  return (
    <Select
      aria-label="Workflow"
      className="max-w-48"
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
    >
      <option value="">All workflows</option>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  );
}
