"use client";

import { useState } from "react";
import { Field, TextArea } from "@/components/field.tsx";
import { jsonProblem } from "@/lib/json-input.ts";
import { emptyValue, type FieldProps, hintWords } from "./field-props.ts";
import { useFormState } from "./form-context.ts";
import { valueAt } from "./value-at.ts";

/** What there is no form for. */
export function JsonField({ field, path, label, isNeeded }: FieldProps<"json">) {
  const { value: whole, change, issues } = useFormState();
  const value = valueAt(whole, path);
  const [typed, setTyped] = useState("");
  const text = value === undefined ? "" : JSON.stringify(value, null, 2);
  // What is typed stands for the value, or is no JSON yet.
  const isOwn = typed.trim() !== "" && (jsonProblem(typed) !== undefined || same(typed, text));
  const shown = isOwn ? typed : text;
  const problem = shown === "" ? undefined : jsonProblem(shown);
  return (
    <Field
      label={label}
      hint={["JSON.", hintWords(field, isNeeded)].filter((one) => one !== undefined).join(" ")}
      error={problem ?? issues.within(path)}
    >
      {(ids) => (
        <TextArea
          {...ids}
          rows={Math.min(10, Math.max(2, shown.split("\n").length))}
          className="font-mono text-small"
          aria-invalid={problem !== undefined}
          value={shown}
          onChange={({ target }) => {
            setTyped(target.value);
            if (target.value.trim() === "") change(path, emptyValue(field, isNeeded));
            else if (jsonProblem(target.value) === undefined) change(path, JSON.parse(target.value));
          }}
        />
      )}
    </Field>
  );
}

function same(typed: string, text: string): boolean {
  return JSON.stringify(JSON.parse(typed), null, 2) === text;
}
