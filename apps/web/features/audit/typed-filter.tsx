"use client";

import { clsx } from "clsx";
import { useEffect, useState } from "react";
import { TextInput } from "@/components/field.tsx";
import { useSettled } from "@/lib/use-settled.ts";

interface TypedFilterProps {
  readonly label: string;
  readonly placeholder: string;
  readonly className: string;
  readonly value: string | undefined;
  /** Characters. */
  readonly most: number;
  readonly onChange: (value: string | undefined) => void;
}

/** What is typed counts when the typing pauses. */
export function TypedFilter({ label, placeholder, className, value, most, onChange }: TypedFilterProps) {
  const [text, setText] = useState(value ?? "");
  const settled = useSettled(text.trim(), 250);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed goes into the address
  useEffect(() => {
    const wanted = settled === "" ? undefined : settled;
    if (wanted !== value) onChange(wanted);
  }, [settled]);

  // The address can change by other means: back, a link, "clear the filters".
  useEffect(
    () => setText((current) => (current.trim() === (value ?? "") ? current : (value ?? ""))),
    [value],
  );

  return (
    <div className={clsx("max-[700px]:w-full", className)}>
      <TextInput
        type="search"
        aria-label={label}
        placeholder={placeholder}
        maxLength={most}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}
