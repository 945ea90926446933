"use client";

import type { JsonSchema } from "@downbeat/api/views";
import { Plus } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { emptyValue, type FieldProps } from "./field-props.ts";
import { FieldSet } from "./field-set.tsx";
import { useFormState } from "./form-context.ts";
import { initialValue, jsonOf } from "./initial-value.ts";
import { Parts } from "./parts.tsx";
import { valueAt } from "./value-at.ts";

interface GroupFieldProps extends FieldProps<"group"> {
  readonly schema: JsonSchema;
}

/** An object. One that need not be there is there when it is asked for. */
export function GroupField({ field, schema, path, label, isNeeded }: GroupFieldProps) {
  const { root, value: whole, place, issues } = useFormState();
  const value = valueAt(whole, path);
  const fields = <Parts field={field} path={path} />;
  if (path.length === 0) return fields;
  const mayBeAbsent = !isNeeded || field.isNullable;
  const isThere = value !== undefined && value !== null;
  if (mayBeAbsent && !isThere)
    return (
      <div className="mb-4">
        <Button size="small" onClick={() => place(path, filled(schema, root))}>
          <Plus aria-hidden size={13} /> Add {label}
        </Button>
        {issues.at(path) === undefined ? null : (
          <p className="mt-1 text-small text-stuck">{issues.at(path)}</p>
        )}
      </div>
    );
  return (
    <FieldSet
      label={label}
      hint={field.hint}
      error={isThere ? issues.at(path) : undefined}
      {...(mayBeAbsent && { onRemove: () => place(path, emptyValue(field, isNeeded)) })}
    >
      {fields}
    </FieldSet>
  );
}

function filled(schema: JsonSchema, root: JsonSchema): string | undefined {
  return jsonOf(initialValue(schema, root) ?? {});
}
