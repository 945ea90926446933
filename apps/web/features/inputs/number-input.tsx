"use client";

import { type ComponentProps, useState } from "react";
import { TextInput } from "@/components/field.tsx";
import { numberJson, numberText } from "./number-text.ts";

interface NumberInputProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  /** What stands there now. */
  readonly json: string | undefined;
  /** A text in JSON, where what is typed is no number. */
  readonly onChange: (json: string | undefined) => void;
}

/** `1.` and `1e` are on the way to a number: what is typed stays as it is typed. */
export function NumberInput({ json, onChange, ...props }: NumberInputProps) {
  const [typed, setTyped] = useState("");
  const shown = numberJson(typed) === (json === "null" ? undefined : json) ? typed : numberText(json);
  return (
    <TextInput
      {...props}
      inputMode="decimal"
      className="font-mono"
      value={shown}
      onChange={({ target }) => {
        setTyped(target.value);
        onChange(numberJson(target.value));
      }}
    />
  );
}
