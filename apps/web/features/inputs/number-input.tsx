"use client";

import { type ComponentProps, useState } from "react";
import { TextInput } from "@/components/field.tsx";

interface NumberInputProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  readonly value: unknown;
  /** What is typed, where it is no number. */
  readonly onChange: (value: number | string | undefined) => void;
}

/** `1.` and `1e` are on the way to a number: what is typed stays as it is typed. */
export function NumberInput({ value, onChange, ...props }: NumberInputProps) {
  const [typed, setTyped] = useState("");
  const shown = Object.is(numberOf(typed), value ?? undefined) ? typed : textOf(value);
  return (
    <TextInput
      {...props}
      inputMode="decimal"
      className="font-mono"
      value={shown}
      onChange={({ target }) => {
        setTyped(target.value);
        onChange(numberOf(target.value));
      }}
    />
  );
}

function numberOf(text: string): number | string | undefined {
  if (text.trim() === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
