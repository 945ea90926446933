"use client";

import type { JsonSchema } from "@downbeat/api/views";
import { useEffect, useState } from "react";

type Check = (
  value: unknown,
) => readonly { readonly message: string; readonly path: readonly PropertyKey[] }[];

/** The engine's own check of what a person types, for them; it is loaded when a form is. Nothing where there is none. */
export function useSchemaCheck(schema: JsonSchema | undefined): Check | undefined {
  const [check, setCheck] = useState<Check>();
  useEffect(() => {
    let isWanted = true;
    setCheck(undefined);
    if (schema === undefined) return;
    void import("@downbeat/protocol/schema-check").then(({ schemaCheck }) => {
      if (isWanted) setCheck(() => careful(() => schemaCheck(schema)));
    });
    return () => {
      isWanted = false;
    };
  }, [schema]);
  return check;
}

/** A schema that can't be used refuses nothing. */
function careful(make: () => Check): Check {
  try {
    const check = make();
    return (value) => {
      try {
        return check(value);
      } catch {
        return [];
      }
    };
  } catch {
    return () => [];
  }
}
