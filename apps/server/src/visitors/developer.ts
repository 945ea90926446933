import type { Role } from "@downbeat/api/policy";
import type { Visitor } from "./visitor.ts";

/** Where nobody signs in, everybody is this one, everywhere. */
export function developer({ actor, role }: { readonly actor: string; readonly role: Role }): Visitor {
  return { actor, standingIn: () => ({ role }) };
}
