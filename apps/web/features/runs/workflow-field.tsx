"use client";

import { useId } from "react";
import { Field, Select, TextInput } from "@/components/field.tsx";

interface WorkflowFieldProps {
  /** `undefined` until they are known. */
  readonly workflows: readonly string[] | undefined;
  /** Instead of a choice: none was known when the form was opened. */
  readonly asksName: boolean;
  readonly value: string;
  readonly onChoose: (name: string) => void;
  readonly onType: (name: string) => void;
}

export function WorkflowField({ workflows, asksName, value, onChoose, onType }: WorkflowFieldProps) {
  const listId = useId();
  return (
    <Field label="Workflow">
      {(ids) =>
        asksName ? (
          <>
            <TextInput
              {...ids}
              required
              maxLength={100}
              list={listId}
              value={value}
              onChange={(event) => onType(event.target.value)}
            />
            <datalist id={listId}>
              {workflows?.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </>
        ) : (
          <Select
            {...ids}
            aria-busy={workflows === undefined}
            value={value}
            onChange={(event) => onChoose(event.target.value)}
          >
            {namesWith(value, workflows ?? []).map((name) => (
              <option key={name} value={name}>
                {name === "" ? "Loading…" : name}
              </option>
            ))}
          </Select>
        )
      }
    </Field>
  );
}

function namesWith(name: string, workflows: readonly string[]): readonly string[] {
  return workflows.includes(name) ? workflows : [name, ...workflows];
}
