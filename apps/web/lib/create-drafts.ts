"use client";

import { useState } from "react";

export interface Draft<T> {
  readonly value: T;
  readonly change: (patch: Partial<T>) => void;
  /** What was typed has served its purpose. */
  readonly forget: () => void;
}

/**
 * What was typed into a dialog and not yet sent: a click beside the dialog closes it, and what was typed is there again when it is opened. Kept for the visit.
 *
 * @returns a hook; `scope` is an object that lives as long as its drafts may be shown again, such as the client of a namespace
 */
export function createDrafts<T extends object>(initial: () => T): (scope: object, key: string) => Draft<T> {
  const scopes = new WeakMap<object, Map<string, T>>();
  const keptIn = (scope: object): Map<string, T> => {
    const known = scopes.get(scope) ?? new Map<string, T>();
    scopes.set(scope, known);
    return known;
  };
  return function useDraft(scope, key) {
    const [value, setValue] = useState(() => keptIn(scope).get(key) ?? initial());
    return {
      value,
      change(patch) {
        const next = { ...(keptIn(scope).get(key) ?? value), ...patch };
        keptIn(scope).set(key, next);
        setValue(next);
      },
      forget() {
        keptIn(scope).delete(key);
        setValue(initial());
      },
    };
  };
}
