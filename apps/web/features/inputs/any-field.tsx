"use client";

import type { JsonSchema } from "@downbeat/api/views";
import { useFormState } from "./form-context.ts";
import { GroupField } from "./group-field.tsx";
import { deepest } from "./initial-value.ts";
import { JsonField } from "./json-field.tsx";
import { ListField } from "./list-field.tsx";
import { schemaField } from "./schema-field.ts";
import { SimpleField } from "./simple-field.tsx";
import type { Path } from "./value-at.ts";
import { VariantField } from "./variant-field.tsx";

export interface AnyFieldProps {
  readonly schema: JsonSchema;
  readonly path: Path;
  readonly label: string;
  readonly isNeeded: boolean;
}

/** The field of a schema, whatever it is. */
export function AnyField({ schema, path, label, isNeeded }: AnyFieldProps) {
  const { root } = useFormState();
  const field = schemaField(schema, root);
  const common = { path, label: field.title ?? label, isNeeded: isNeeded && field.default === undefined };
  switch (field.kind) {
    case "constant":
      // Where it is needed it is there already.
      return null;
    case "group":
      if (depthOf(path) >= deepest) return <JsonField {...common} field={{ ...field, kind: "json" }} />;
      return <GroupField {...common} field={field} schema={schema} />;
    case "list":
      return <ListField {...common} field={field} />;
    case "variants":
      return <VariantField {...common} field={field} />;
    case "json":
      return <JsonField {...common} field={field} />;
    default:
      return <SimpleField {...common} field={field} />;
  }
}

/** In how many objects it is. */
function depthOf(path: Path): number {
  return path.filter((key) => typeof key === "string").length;
}
