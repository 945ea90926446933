import type { Access } from "./configuration.ts";
import { claimOf } from "./role-of.ts";

type Rules = Pick<Access, "roles" | "provider">;

/** Of all that a provider says of somebody, as much as a rule asks for: it travels in a cookie, and nobody needs the rest. */
export function vouchedClaims(
  { roles, provider }: Rules,
  claims: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown[]> = {};
  for (const { who } of roles) {
    if (typeof who === "string" || "person" in who) continue;
    const isGroup = "group" in who;
    const said = claimOf(claims, isGroup ? (provider?.groups ?? "groups") : who.claim);
    const wanted = isGroup ? who.group : who.is;
    const isSaid = Array.isArray(said) ? said.some((one: unknown) => one === wanted) : said === wanted;
    if (isSaid) (kept[isGroup ? "groups" : who.claim] ??= []).push(wanted);
  }
  return kept;
}
