"use client";

import { type ReactNode, useMemo, useState } from "react";
import { Field, Select } from "@/components/field.tsx";
import { sourceAt } from "@/lib/json-text.ts";
import { AnyField } from "./any-field.tsx";
import { asVariant } from "./as-variant.ts";
import { emptyValue, type FieldProps, hintWords } from "./field-props.ts";
import { FieldSet } from "./field-set.tsx";
import { useFormState } from "./form-context.ts";
import { deepest } from "./initial-value.ts";
import { JsonField } from "./json-field.tsx";
import { Parts } from "./parts.tsx";
import { schemaField } from "./schema-field.ts";
import { valueAt } from "./value-at.ts";
import { tellingFields, type Variant, variantAt, variantsOf } from "./variants.ts";

/** One of several: which one is chosen, and then its own fields. */
export function VariantField({ field, path, label, isNeeded }: FieldProps<"variants">) {
  const { root, value: whole, json, place, issues } = useFormState();
  const [chosen, setChosen] = useState<number>();
  const variants = useMemo(() => variantsOf(field.schemas, root), [field.schemas, root]);
  const telling = useMemo(() => tellingFields(field.schemas, root), [field.schemas, root]);
  const value = valueAt(whole, path);
  const at = variantAt(value, variants, root, chosen);
  const variant = at === undefined ? undefined : variants[at];
  if (path.filter((key) => typeof key === "string").length >= deepest)
    return <JsonField field={{ ...field, kind: "json" }} path={path} label={label} isNeeded={isNeeded} />;

  function choose(index: number): void {
    const next = variants[index];
    setChosen(next === undefined ? undefined : index);
    const empty = emptyValue(field, isNeeded) ?? (typeof path.at(-1) === "number" ? "null" : undefined);
    place(path, next === undefined ? empty : (asVariant(next.schema, root, sourceAt(json, path)) ?? empty));
  }

  const isAbsent = value === undefined || value === null;
  const error = variant === undefined || isAbsent ? issues.within(path) : issues.at(path);
  const mayBeAbsent = !isNeeded || field.isNullable;
  const [by] = telling;
  const parts = (
    <>
      <Field
        label={telling.length === 1 && by !== undefined ? by : `Kind of ${label}`}
        hint={path.length === 0 ? hintWords(field, isNeeded) : undefined}
        error={error}
      >
        {(ids) => (
          <Select
            {...ids}
            aria-invalid={error !== undefined}
            aria-required={!mayBeAbsent}
            value={at ?? -1}
            onChange={({ target }) => choose(Number(target.value))}
          >
            <option value={-1}>{mayBeAbsent ? "–" : "Choose…"}</option>
            {variants.map(({ name }, index) => (
              <option key={name} value={index}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {variant === undefined ? null : <VariantParts variant={variant} path={path} />}
    </>
  );
  if (path.length === 0) return parts;
  return (
    <FieldSet label={label} hint={hintWords(field, isNeeded)}>
      {parts}
    </FieldSet>
  );
}

function VariantParts({
  variant,
  path,
}: {
  variant: Variant;
  path: FieldProps<"variants">["path"];
}): ReactNode {
  const { root } = useFormState();
  const field = schemaField(variant.schema, root);
  if (field.kind !== "group")
    return <AnyField schema={variant.schema} path={path} label={variant.name} isNeeded />;
  return <Parts field={field} path={path} />;
}
