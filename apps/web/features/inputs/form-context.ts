"use client";

import type { JsonSchema } from "@downbeat/api/views";
import { createContext, useContext } from "react";
import type { FieldIssues } from "./field-issues.ts";
import type { Path } from "./value-at.ts";

/** What all fields of a form share. */
export interface FormState {
  readonly root: JsonSchema;
  readonly value: unknown;
  /** The value as text: a number may have more digits than the value can hold. */
  readonly json: string;
  /** What was typed. @param json `undefined` takes it out */
  readonly change: (path: Path, json: string | undefined) => void;
  /** What was added or taken out as a whole: what is in it is still to be filled in. */
  readonly place: (path: Path, json: string | undefined) => void;
  readonly issues: FieldIssues;
}

export const FormContext = createContext<FormState | undefined>(undefined);

export function useFormState(): FormState {
  const state = useContext(FormContext);
  if (state === undefined) throw new Error("A field stands in a form.");
  return state;
}
