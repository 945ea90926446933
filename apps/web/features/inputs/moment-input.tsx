"use client";

import type { ComponentProps } from "react";
import { TextInput } from "@/components/field.tsx";

interface MomentInputProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  readonly value: unknown;
  readonly onChange: (value: string | undefined) => void;
}

/** A moment on the clock of whoever looks at it; it is sent in UTC. */
export function MomentInput({ value, onChange, placeholder: _, ...props }: MomentInputProps) {
  const local = typeof value === "string" ? localTime(value) : "";
  if (local === undefined)
    return (
      <TextInput
        {...props}
        value={String(value)}
        onChange={({ target }) => onChange(target.value || undefined)}
      />
    );
  return (
    <TextInput
      {...props}
      type="datetime-local"
      step={1}
      title="On your clock; it is sent in UTC"
      value={local}
      onChange={({ target }) => {
        const at = new Date(target.value);
        onChange(Number.isNaN(at.getTime()) ? undefined : at.toISOString());
      }}
    />
  );
}

/** `undefined` for what is no moment. */
function localTime(text: string): string | undefined {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return undefined;
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}
