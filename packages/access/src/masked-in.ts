import type { MaskRule } from "@downbeat/api/masking";
import type { NamespaceName } from "@downbeat/protocol";
import type { Access } from "./configuration.ts";
import { isIn } from "./role-of.ts";

/** What the access file calls personal in a namespace. */
export function maskedIn({ masked }: Pick<Access, "masked">, name: NamespaceName): readonly MaskRule[] {
  return masked
    .filter((rule) => rule.in.some((place) => isIn(place, name)))
    .map(({ in: _, ...rule }) => ({ ...rule, of: "everything" }));
}
