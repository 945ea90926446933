"use client";

import { useState } from "react";
import { Field, TextArea } from "@/components/field.tsx";
import { jsonProblem } from "@/lib/json-input.ts";
import { sourceAt, spacedJson } from "@/lib/json-text.ts";
import { emptyValue, type FieldProps, hintWords } from "./field-props.ts";
import { useFormState } from "./form-context.ts";

/** What there is no form for. */
export function JsonField({ field, path, label, isNeeded }: FieldProps<"json">) {
  const { json, change, issues } = useFormState();
  const [typed, setTyped] = useState("");
  const text = spacedJson(sourceAt(json, path) ?? "");
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
            else if (jsonProblem(target.value) === undefined) change(path, target.value.trim());
          }}
        />
      )}
    </Field>
  );
}

function same(typed: string, text: string): boolean {
  return spacedJson(typed.trim()) === text;
}
