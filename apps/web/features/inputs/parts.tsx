import { AnyField } from "./any-field.tsx";
import type { FieldProps } from "./field-props.ts";

/** The fields of an object, one below the other. */
export function Parts({ field, path }: Pick<FieldProps<"group">, "field" | "path">) {
  return field.fields.map((one) => (
    <AnyField
      key={one.name}
      schema={one.schema}
      path={[...path, one.name]}
      label={one.name}
      isNeeded={one.isNeeded}
    />
  ));
}
