"use client";

import { Plus, X } from "lucide-react";
import { useRef } from "react";
import { Button, IconButton } from "@/components/button.tsx";
import { AnyField } from "./any-field.tsx";
import { emptyValue, type FieldProps, hintWords } from "./field-props.ts";
import { FieldSet } from "./field-set.tsx";
import { useFormState } from "./form-context.ts";
import { initialValue, jsonOf } from "./initial-value.ts";
import { valueAt } from "./value-at.ts";

/** As many of one kind as one likes. */
export function ListField({ field, path, label, isNeeded }: FieldProps<"list">) {
  const { root, value: whole, place, issues } = useFormState();
  const box = useRef<HTMLDivElement>(null);
  const value = valueAt(whole, path);
  const items: readonly unknown[] = Array.isArray(value) ? value : [];

  function add(): void {
    // A place in a list holds something, if nothing else then null.
    place([...path, items.length], jsonOf(initialValue(field.item, root) ?? null));
    requestAnimationFrame(() =>
      [...(box.current?.querySelectorAll<HTMLElement>("input, select, textarea") ?? [])].at(-1)?.focus(),
    );
  }

  function remove(index: number): void {
    const mayBeAbsent = !isNeeded || field.isNullable;
    if (items.length === 1 && mayBeAbsent) place(path, emptyValue(field, isNeeded));
    else place([...path, index], undefined);
  }

  return (
    <FieldSet label={label} hint={hintWords(field, isNeeded)} error={issues.at(path)}>
      <div ref={box}>
        {items.map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an item of a list is its place in it
          <div key={index} className="flex items-start gap-2">
            <div className="min-w-0 flex-1">
              <AnyField
                schema={field.item}
                path={[...path, index]}
                label={`${label} ${index + 1}`}
                isNeeded
              />
            </div>
            <IconButton label={`Remove ${label} ${index + 1}`} onClick={() => remove(index)}>
              <X aria-hidden size={14} />
            </IconButton>
          </div>
        ))}
      </div>
      <Button size="small" className="mb-3" onClick={add}>
        <Plus aria-hidden size={13} /> Add to {label}
      </Button>
    </FieldSet>
  );
}
