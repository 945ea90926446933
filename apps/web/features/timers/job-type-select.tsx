"use client";

import { useQuery } from "@tanstack/react-query";
import { Select } from "@/components/field.tsx";
import { useTRPC } from "@/trpc/react.ts";

interface JobTypeSelectProps {
  readonly value: string | undefined;
  readonly onChange: (jobType: string | undefined) => void;
}

/** Of those that workers have announced. */
export function JobTypeSelect({ value, onChange }: JobTypeSelectProps) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.catalogue.workflows.queryOptions(undefined, { staleTime: 10_000 }));
  const known = data?.jobTypes.map(({ jobType }) => jobType) ?? [];
  const names = value === undefined || known.includes(value) ? known : [value, ...known];
  return (
    <Select
      aria-label="Job type"
      className="max-w-48"
      value={value ?? ""}
      onChange={({ target }) => onChange(target.value === "" ? undefined : target.value)}
    >
      <option value="">All job types</option>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  );
}
