"use client";

import type { JsonSchema } from "@downbeat/api/views";
import { clsx } from "clsx";
import { useMemo } from "react";
import { Field, TextArea } from "@/components/field.tsx";
import { AnyField } from "./any-field.tsx";
import { FormContext } from "./form-context.ts";
import type { InputDraft } from "./use-input-draft.ts";

interface InputEditorProps {
  readonly schema: JsonSchema | undefined;
  readonly draft: InputDraft;
  readonly label: string;
  readonly hint?: string;
  /** What of the input only workers check. */
  readonly note?: string | undefined;
}

/** A form made from the schema, and the same as JSON beside it; the JSON alone where there is no schema. */
export function InputEditor({ schema, draft, label, hint = "JSON", note }: InputEditorProps) {
  const json = (
    <Field
      label={schema === undefined ? label : `${label} as JSON`}
      hint={note ?? hint}
      error={draft.jsonProblem ?? draft.misfit}
    >
      {(ids) => (
        <TextArea
          {...ids}
          rows={Math.min(24, Math.max(8, draft.text.split("\n").length + 1))}
          className="font-mono text-small"
          value={draft.text}
          onChange={({ target }) => draft.changeText(target.value)}
        />
      )}
    </Field>
  );
  // The JSON keeps its place while a schema comes or goes: what somebody is typing into keeps its focus.
  return (
    <div className="@container">
      <div className={clsx(schema !== undefined && "grid @xl:grid-cols-[3fr_2fr] gap-x-5")}>
        {schema === undefined ? null : (
          <fieldset disabled={draft.jsonProblem !== undefined} className="min-w-0" aria-label={label}>
            <FormFields schema={schema} draft={draft} label={label} />
          </fieldset>
        )}
        <div className={clsx(schema !== undefined && "sticky top-0 min-w-0 self-start")}>{json}</div>
      </div>
    </div>
  );
}

function FormFields({ schema, draft, label }: { schema: JsonSchema; draft: InputDraft; label: string }) {
  const { value, json, change, place, issues } = draft;
  const state = useMemo(
    () => ({ root: schema, value, json, change, place, issues }),
    [schema, value, json, change, place, issues],
  );
  return (
    <FormContext.Provider value={state}>
      <AnyField schema={schema} path={[]} label={label} isNeeded />
    </FormContext.Provider>
  );
}
