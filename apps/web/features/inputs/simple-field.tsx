"use client";

import { Field, Select, TextInput } from "@/components/field.tsx";
import { sourceAt } from "@/lib/json-text.ts";
import { emptyValue, type FieldProps, hintWords } from "./field-props.ts";
import { useFormState } from "./form-context.ts";
import { jsonOf } from "./initial-value.ts";
import { MomentInput } from "./moment-input.tsx";
import { NumberInput } from "./number-input.tsx";
import { valueAt } from "./value-at.ts";

type Simple = "text" | "number" | "yesOrNo" | "choice" | "date" | "moment";

/** One line of a form. */
export function SimpleField({ field, path, label, isNeeded }: FieldProps<Simple>) {
  const { value: whole, json, change, issues } = useFormState();
  const value = valueAt(whole, path);
  const error = issues.within(path);
  const setJson = (next: string | undefined) => change(path, next ?? emptyValue(field, isNeeded));
  const set = (next: unknown) => setJson(jsonOf(next));
  const preset = field.default === undefined ? undefined : String(field.default);
  return (
    <Field label={label} hint={hintWords(field, isNeeded)} error={error}>
      {(ids) => {
        const common = {
          ...ids,
          "aria-invalid": error !== undefined,
          "aria-required": isNeeded && !field.isNullable,
          ...(preset !== undefined && { placeholder: preset }),
        };
        switch (field.kind) {
          case "choice":
            return (
              <ChoiceInput
                {...common}
                choices={field.choices}
                value={value}
                isNeeded={isNeeded}
                onChange={set}
              />
            );
          case "yesOrNo":
            return (
              <ChoiceInput
                {...common}
                choices={[true, false]}
                value={value}
                isNeeded={isNeeded}
                onChange={set}
              />
            );
          case "number":
            return <NumberInput {...common} json={sourceAt(json, path)} onChange={setJson} />;
          case "moment":
            return <MomentInput {...common} value={value} onChange={set} />;
          default:
            return (
              <TextInput
                {...common}
                type={field.kind === "date" ? "date" : "text"}
                value={
                  typeof value === "string"
                    ? value
                    : value === undefined || value === null
                      ? ""
                      : (sourceAt(json, path) ?? "")
                }
                onChange={({ target }) => set(target.value === "" ? undefined : target.value)}
              />
            );
        }
      }}
    </Field>
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly "aria-describedby": string;
  readonly choices: readonly unknown[];
  readonly value: unknown;
  readonly isNeeded: boolean;
  readonly placeholder?: string;
  readonly onChange: (value: unknown) => void;
}

function ChoiceInput({ choices, value, isNeeded, placeholder, onChange, ...ids }: ChoiceProps) {
  const index = choices.indexOf(value);
  const isOther = index === -1 && value !== undefined && value !== null;
  return (
    <Select
      {...ids}
      value={isOther ? "other" : index}
      onChange={({ target }) => onChange(choices[Number(target.value)])}
    >
      {isOther ? <option value="other">{JSON.stringify(value)}</option> : null}
      <option value={-1}>
        {placeholder === undefined ? (isNeeded ? "Choose…" : "–") : `– (${choiceWords(placeholder)})`}
      </option>
      {choices.map((choice, at) => (
        <option key={JSON.stringify(choice)} value={at}>
          {choiceWords(choice)}
        </option>
      ))}
    </Select>
  );
}

function choiceWords(choice: unknown): string {
  if (choice === true || choice === "true") return "yes";
  if (choice === false || choice === "false") return "no";
  return typeof choice === "string" ? choice : JSON.stringify(choice);
}
