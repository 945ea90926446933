import type { SchemaField } from "./schema-field.ts";
import type { Path } from "./value-at.ts";

type FieldOf<Kind extends SchemaField["kind"]> = Extract<SchemaField, { readonly kind: Kind }>;

export interface FieldProps<Kind extends SchemaField["kind"]> {
  readonly field: FieldOf<Kind>;
  readonly path: Path;
  readonly label: string;
  readonly isNeeded: boolean;
}

/** Empty, a field says nothing; where something has to be said and `null` will do, it says that. As JSON. */
export function emptyValue({ isNullable }: SchemaField, isNeeded: boolean): "null" | undefined {
  return isNeeded && isNullable ? "null" : undefined;
}

export function hintWords({ hint, default: preset }: SchemaField, isNeeded: boolean): string | undefined {
  const usual =
    preset === undefined
      ? undefined
      : `Usually ${typeof preset === "string" ? preset : JSON.stringify(preset)}.`;
  const words = [hint, usual ?? (isNeeded ? undefined : "Optional.")].filter((one) => one !== undefined);
  return words.length === 0 ? undefined : words.join(" ");
}
