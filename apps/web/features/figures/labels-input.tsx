"use client";

import { type ComponentProps, useId } from "react";
import { TextInput } from "@/components/field.tsx";
import { useLabelSuggestions } from "@/features/runs/use-label-suggestions.ts";
import { useSettled } from "@/lib/use-settled.ts";

interface LabelsInputProps extends Omit<ComponentProps<typeof TextInput>, "onChange" | "value"> {
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** Conditions on labels as text, completed from the labels that runs have. */
export function LabelsInput({ value, onChange, ...props }: LabelsInputProps) {
  const listId = useId();
  const suggestions = useLabelSuggestions(useSettled(value.trim(), 180));
  return (
    <>
      <TextInput
        {...props}
        list={listId}
        maxLength={2_000}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      <datalist id={listId}>
        {suggestions.map((suggestion) => (
          <option key={suggestion} value={suggestion} />
        ))}
      </datalist>
    </>
  );
}
