"use client";

import type { JsonSchema } from "@downbeat/api/views";
import { useCallback, useMemo, useState } from "react";
import { jsonProblem } from "@/lib/json-input.ts";
import { FieldIssues, issuesOfRefusal } from "./field-issues.ts";
import { useSchemaCheck } from "./use-schema-check.ts";
import { type Path, valueAt, withValueAt } from "./value-at.ts";

/** What a person is about to hand over: one value, typed as JSON or into the fields of a form. */
export interface InputDraft {
  readonly text: string;
  /** The text's, or that of the last text that was JSON; `undefined` for nothing. */
  readonly value: unknown;
  readonly jsonProblem: string | undefined;
  /** What is wrong with it as a whole, or where it is wrong once it was to be sent. */
  readonly misfit: string | undefined;
  /** What is to be shown of what doesn't fit. */
  readonly issues: FieldIssues;
  readonly changeText: (text: string) => void;
  readonly change: (path: Path, part: unknown) => void;
  readonly place: (path: Path, part: unknown) => void;
  /** Shows all that doesn't fit from now on. @returns whether it may be sent */
  readonly check: () => boolean;
}

interface Typed {
  readonly text: string;
  readonly value: unknown;
  /** Places that a person has been at. */
  readonly touched: readonly string[];
}

/**
 * @param initial what it begins with; another schema begins anew
 * @param refusal what the engine said of what was sent
 */
export function useInputDraft(
  schema: JsonSchema | undefined,
  initial: () => unknown,
  refusal?: string,
): InputDraft {
  const [began, setBegan] = useState(schema);
  const [typed, setTyped] = useState<Typed>(() => beginning(initial()));
  const [showsAll, setShowsAll] = useState(false);
  if (began !== schema) {
    setBegan(schema);
    setTyped(beginning(initial()));
    setShowsAll(false);
  }
  const schemaCheck = useSchemaCheck(schema);
  const { text, value, touched } = typed;
  const problem = jsonProblem(text);
  const found = useMemo(() => schemaCheck?.(value) ?? [], [schemaCheck, value]);
  const issues = useMemo(() => {
    const isSeen = ({ path }: { readonly path: readonly PropertyKey[] }) =>
      showsAll || touched.some((place) => `${keyOf(path)}/`.startsWith(`${place}/`));
    const refused = refusal === undefined ? [] : issuesOfRefusal(refusal);
    return new FieldIssues([...found.filter(isSeen), ...refused], (path) => valueAt(value, path));
  }, [found, refusal, showsAll, touched, value]);

  const changeText = useCallback((next: string) => {
    setTyped((before) =>
      jsonProblem(next) === undefined
        ? { text: next, value: JSON.parse(next), touched: [""] }
        : { ...before, text: next },
    );
  }, []);
  const place = useCallback((path: Path, part: unknown) => {
    setTyped((before) => {
      const value = withValueAt(before.value, path, part);
      return { ...before, text: textOf(value), value };
    });
  }, []);
  const change = useCallback(
    (path: Path, part: unknown) => {
      place(path, part);
      setTyped((before) => ({ ...before, touched: [...new Set([...before.touched, keyOf(path)])] }));
    },
    [place],
  );

  return {
    text,
    value,
    jsonProblem: problem,
    misfit: issues.at([]) ?? (showsAll ? issues.places : undefined),
    issues,
    changeText,
    change,
    place,
    check: () => {
      setShowsAll(true);
      return problem === undefined && found.length === 0;
    },
  };
}

function beginning(value: unknown): Typed {
  return { text: textOf(value), value, touched: [] };
}

function textOf(value: unknown): string {
  return value === undefined ? "null" : JSON.stringify(value, null, 2);
}

/** Begins with the key of whatever it is in. */
function keyOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key)}`).join("");
}
