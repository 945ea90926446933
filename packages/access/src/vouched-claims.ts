import type { Access } from "./configuration.ts";
import type { Identity } from "./identity.ts";
import { claimOf, holds } from "./role-of.ts";

type Rules = Pick<Access, "roles" | "provider">;

/** Of all that a provider says of somebody, as much as a rule asks for: it travels in a cookie, and nobody needs the rest. */
export function vouchedClaims(
  { roles, provider }: Rules,
  said: Readonly<Record<string, unknown>>,
): Pick<Identity, "groups" | "claims"> {
  const groups: string[] = [];
  const claims = new Map<string, unknown[]>();
  for (const { who } of roles) {
    if (typeof who === "string" || "person" in who) continue;
    if ("group" in who) {
      if (holds(claimOf(said, provider?.groups ?? "groups"), who.group)) groups.push(who.group);
    } else if (holds(claimOf(said, who.claim), who.is))
      claims.set(who.claim, [...(claims.get(who.claim) ?? []), who.is]);
  }
  return { groups, claims: Object.fromEntries(claims) };
}
