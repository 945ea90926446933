"use client";

import type { JsonSchema } from "@downbeat/api/views";
import { useCallback, useMemo, useState } from "react";
import { jsonProblem } from "@/lib/json-input.ts";
import { FieldIssues, issuesOfRefusal } from "./field-issues.ts";
import { maskedIssues } from "./masked-issues.ts";
import {
  beginning,
  beginsAnew,
  type Taker,
  type TypedInput,
  touchedAt,
  withPart,
  withText,
} from "./typed-input.ts";
import { useSchemaCheck } from "./use-schema-check.ts";
import { keyOf, type Path, valueAt } from "./value-at.ts";

/** What a person is about to hand over: one value, typed as JSON or into the fields of a form. */
export interface InputDraft {
  readonly text: string;
  /** The text's, or that of the last text that was JSON; `undefined` for nothing. */
  readonly value: unknown;
  /** By a person, not what it began with. */
  readonly isTyped: boolean;
  readonly jsonProblem: string | undefined;
  /** What is wrong with it as a whole, or where it is wrong once it was to be sent. */
  readonly misfit: string | undefined;
  /** It was to be sent, and doesn't fit what was announced last. Workers of another build may take it: the engine decides. */
  readonly isHeld: boolean;
  /** What is to be shown of what doesn't fit. */
  readonly issues: FieldIssues;
  readonly changeText: (text: string) => void;
  /** The text, as far as it is JSON: what a form shows. */
  readonly json: string;
  readonly change: (path: Path, json: string | undefined) => void;
  readonly place: (path: Path, json: string | undefined) => void;
  /** Shows all that doesn't fit from now on. @returns whether it may be sent */
  readonly check: () => boolean;
}

interface DraftOptions {
  /** What the engine said of what was sent. */
  readonly refusal?: string | undefined;
  /** Whom it is for: for another one it begins again. */
  readonly taker?: string;
  /** What was typed for it before. */
  readonly kept?: string | undefined;
  /** Nothing stands behind what is masked: it has to be given. */
  readonly needsMasked?: boolean;
}

/** @param initial the JSON that it begins with, `undefined` for nothing */
export function useInputDraft(
  schema: JsonSchema | undefined,
  initial: () => string | undefined,
  { refusal, taker, kept, needsMasked = false }: DraftOptions = {},
): InputDraft {
  const begin = (): TypedInput => {
    const begun = beginning(initial());
    return kept === undefined ? begun : withText(begun, kept);
  };
  const [before, setBefore] = useState<Taker>({ schema, name: taker });
  const [typed, setTyped] = useState(begin);
  const [showsAll, setShowsAll] = useState(false);
  if (before.schema !== schema || before.name !== taker) {
    const now = { schema, name: taker };
    setBefore(now);
    if (beginsAnew(typed, before, now)) {
      setTyped(begin());
      setShowsAll(false);
    }
  }
  const schemaCheck = useSchemaCheck(schema);
  const { text, json, value, touched } = typed;
  const problem = jsonProblem(text);
  // What is masked is checked where it is known.
  const checks = text.includes("•••") && !needsMasked ? undefined : schemaCheck;
  const found = useMemo(
    () => [...(needsMasked ? maskedIssues(value) : []), ...(checks?.(value) ?? [])],
    [checks, needsMasked, value],
  );
  const issues = useMemo(() => {
    const isSeen = ({ path }: { readonly path: readonly PropertyKey[] }) =>
      showsAll || touched.some((place) => `${keyOf(path)}/`.startsWith(`${place}/`));
    const refused = refusal === undefined ? [] : issuesOfRefusal(refusal);
    return new FieldIssues([...found.filter(isSeen), ...refused], (path) => valueAt(value, path));
  }, [found, refusal, showsAll, touched, value]);

  const changeText = useCallback((next: string) => setTyped((now) => withText(now, next)), []);
  const place = useCallback(
    (path: Path, json: string | undefined) => setTyped((now) => withPart(now, path, json)),
    [],
  );
  const change = useCallback(
    (path: Path, json: string | undefined) => setTyped((now) => touchedAt(withPart(now, path, json), path)),
    [],
  );

  return {
    text,
    value,
    isTyped: typed.isTyped,
    jsonProblem: problem,
    misfit: issues.at([]) ?? (showsAll ? issues.places : undefined),
    isHeld: showsAll && problem === undefined && found.length > 0,
    issues,
    changeText,
    json,
    change,
    place,
    check: () => {
      setShowsAll(true);
      return problem === undefined && found.length === 0;
    },
  };
}
