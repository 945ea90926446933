import { type Role, roles } from "@downbeat/api/policy";
import { formatNamespaceName, type NamespaceName } from "@downbeat/protocol";
import type { Access, AccessRule } from "./configuration.ts";
import { type Identity, idOf } from "./identity.ts";

/** What somebody is in a namespace; without a role, why. */
export type Standing =
  | { readonly role: Role; readonly rule?: AccessRule }
  | { readonly role?: never; readonly refusal: string };

type Rules = Pick<Access, "roles">;

/** Nobody has a role that no rule gives. Of several rules that fit, the one that allows most counts. */
export function standingOf(rules: Rules, identity: Identity, name: NamespaceName): Standing {
  let best: AccessRule | undefined;
  for (const rule of rules.roles) {
    if (!rule.in.some((place) => isIn(place, name)) || !isMeant(rule, identity)) continue;
    if (best === undefined || roles.indexOf(rule.role) > roles.indexOf(best.role)) best = rule;
  }
  if (best !== undefined) return { role: best.role, rule: best };
  return {
    refusal: `You have no role in ${formatNamespaceName(name)}. Ask your Downbeat administrators for one.`,
  };
}

/** What the rules give somebody, highest first; where a wider place gives as much, the narrower one is not told. */
export function rolesOf(
  rules: Rules,
  identity: Identity,
): readonly { readonly role: Role; readonly in: readonly string[] }[] {
  const given = rules.roles
    .filter((rule) => isMeant(rule, identity))
    .flatMap(({ role, in: places }) => places.map((place) => ({ role, place })));
  return [...roles].reverse().flatMap((role) => {
    const places = given
      .filter((one) => one.role === role)
      .map(({ place }) => place)
      .filter((place) => !given.some((other) => covers(other, { role, place })));
    return places.length === 0 ? [] : [{ role, in: [...new Set(places)] }];
  });
}

interface Given {
  readonly role: Role;
  readonly place: string;
}

function covers(wide: Given, narrow: Given): boolean {
  const isMore = roles.indexOf(wide.role) > roles.indexOf(narrow.role);
  if (wide.place === narrow.place) return isMore;
  return (isMore || wide.role === narrow.role) && isIn(wide.place, wholeOf(narrow.place));
}

export function isIn(place: string, { tenant, namespace }: NamespaceName): boolean {
  return place === "*" || place === `${tenant}/*` || place === `${tenant}/${namespace}`;
}

/** All that a place holds, as one name: only rules for as much, or more, are for it. No namespace is called so. */
export function wholeOf(place: string): NamespaceName {
  const [tenant = "*", namespace = "*"] = place.split("/");
  return { tenant, namespace };
}

function isMeant({ who }: AccessRule, identity: Identity): boolean {
  if (who === "everyone") return true;
  if ("person" in who)
    return who.person === idOf(identity) || who.person === `${identity.issuer}|${identity.subject}`;
  if ("group" in who) return identity.groups.includes(who.group);
  return holds(claimOf(identity.claims, who.claim), who.is);
}

/** Of that very name, or, with dots, what is found on the way (`realm_access.roles`). */
export function claimOf(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

/** The very value, or one of a list. A text that only contains it is another one. */
export function holds(claim: unknown, wanted: string | number | boolean): boolean {
  return Array.isArray(claim) ? claim.some((one: unknown) => one === wanted) : claim === wanted;
}
