"use client";

import { useQuery } from "@tanstack/react-query";
import { Select } from "@/components/field.tsx";
import { useTRPC } from "@/trpc/react.ts";

interface JobTypeSelectProps {
  /** Empty: the code of runs. */
  readonly value: string | undefined;
  readonly onChange: (jobType: string | undefined) => void;
  /** The code of runs is a choice. */
  readonly allowCode?: boolean;
}

/** Of those that workers have announced. */
export function JobTypeSelect({ value, onChange, allowCode = false }: JobTypeSelectProps) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.catalogue.workflows.queryOptions(undefined, { staleTime: 10_000 }));
  const known = data?.jobTypes.map(({ jobType }) => jobType) ?? [];
  const names = value === undefined || value === "" || known.includes(value) ? known : [value, ...known];
  const choices = [undefined, ...(allowCode || value === "" ? [""] : []), ...names];
  return (
    <Select
      aria-label="Job type"
      className="max-w-48"
      value={choices.indexOf(value)}
      onChange={({ target }) => onChange(choices[Number(target.value)])}
    >
      {choices.map((choice, index) => (
        <option key={choice === undefined ? "all" : `of ${choice}`} value={index}>
          {choice === undefined ? "All job types" : choice === "" ? "The run’s code" : choice}
        </option>
      ))}
    </Select>
  );
}
