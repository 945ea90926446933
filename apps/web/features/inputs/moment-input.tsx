"use client";

import type { ComponentProps } from "react";
import { TextInput } from "@/components/field.tsx";
import { isoTime } from "@/lib/absolute-time.ts";
import { fromWallText, wallText } from "@/lib/wall-time.ts";
import { shownZone } from "@/lib/zone.ts";

interface MomentInputProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  readonly value: unknown;
  readonly onChange: (value: string | undefined) => void;
}

/** A moment in the time zone that is shown; it is sent in UTC. */
export function MomentInput({ value, onChange, placeholder: _, ...props }: MomentInputProps) {
  const local = typeof value === "string" ? wallText(Date.parse(value)) : "";
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
      step={1}
      {...props}
      type="datetime-local"
      title={`In the time zone ${shownZone()}; it is sent in UTC`}
      value={local}
      onChange={({ target }) => {
        const at = fromWallText(target.value);
        onChange(at === undefined ? undefined : isoTime(at));
      }}
    />
  );
}
