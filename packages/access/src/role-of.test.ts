import { roles } from "@downbeat/api/policy";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Access, parseAccess } from "./configuration.ts";
import { claimOf, isIn, rolesOf, standingOf, wholeOf } from "./role-of.ts";
import { vouchedClaims } from "./vouched-claims.ts";

const rules = (given: readonly object[]): Access =>
  parseAccess(JSON.stringify({ accounts: "accounts.json", roles: given }));

const orders = { tenant: "acme", namespace: "orders" };
const billing = { tenant: "acme", namespace: "billing" };
const other = { tenant: "other", namespace: "orders" };

const person = (claims: Record<string, unknown>, subject = "ada") => ({
  issuer: "local",
  subject,
  name: "Ada",
  groups: Array.isArray(claims.groups) ? claims.groups.filter((each) => typeof each === "string") : [],
  claims,
});

test("nobody has a role that no rule gives, and is told where", () => {
  const access = rules([{ role: "admin", who: { group: "admins" } }]);
  expect(standingOf(access, person({}), orders)).toEqual({
    refusal: "You have no role in acme/orders. Ask your Downbeat administrators for one.",
  });
});

test("a role holds where its rule says and nowhere else", () => {
  const access = rules([
    { role: "viewer", who: "everyone", in: ["acme/orders"] },
    { role: "operator", who: { group: "ops" }, in: ["acme/*"] },
    { role: "admin", who: { person: "local|grace" } },
  ]);
  const rolesOf = (claims: Record<string, unknown>, subject?: string) =>
    [orders, billing, other].map((name) => standingOf(access, person(claims, subject), name).role);
  expect(rolesOf({})).toEqual(["viewer", undefined, undefined]);
  expect(rolesOf({ groups: ["x", "ops"] })).toEqual(["operator", "operator", undefined]);
  expect(rolesOf({}, "grace")).toEqual(["admin", "admin", "admin"]);
});

test("somebody has a role in all that a place holds by a rule for as much, or more", () => {
  const access = rules([
    { role: "admin", who: { person: "local|ada" }, in: ["acme/orders", "acme/billing"] },
    { role: "admin", who: { person: "local|grace" }, in: ["acme/*"] },
    { role: "admin", who: { person: "local|alan" } },
  ]);
  const roleIn = (subject: string) =>
    ["acme/orders", "acme/other", "acme/*", "other/*", "*"].filter(
      (place) => standingOf(access, person({}, subject), wholeOf(place)).role === "admin",
    );
  expect(roleIn("ada")).toEqual(["acme/orders"]);
  expect(roleIn("grace")).toEqual(["acme/orders", "acme/other", "acme/*"]);
  expect(roleIn("alan")).toEqual(["acme/orders", "acme/other", "acme/*", "other/*", "*"]);
});

test("what somebody is and where is told without what a wider or higher rule gives anyway", () => {
  const access = rules([
    { role: "viewer", who: "everyone" },
    { role: "operator", who: { group: "ops" }, in: ["acme/orders", "acme/*", "other/orders"] },
    { role: "admin", who: { group: "ops" }, in: ["acme/orders"] },
    { role: "support", who: { group: "ops" }, in: ["acme/billing"] },
    { role: "admin", who: { group: "others" } },
  ]);
  expect(rolesOf(access, person({}))).toEqual([{ role: "viewer", in: ["*"] }]);
  const all = rolesOf(access, person({ groups: ["ops"] }));
  expect(all).toEqual([
    { role: "admin", in: ["acme/orders"] },
    { role: "operator", in: ["acme/*", "other/orders"] },
    { role: "viewer", in: ["*"] },
  ]);
  const none = rules([{ role: "admin", who: { group: "others" } }]);
  expect(rolesOf(none, person({}))).toEqual([]);
  for (const name of [orders, billing, other])
    expect(standingOf(access, person({ groups: ["ops"] }), name).role).toBe(
      all.find((each) => each.in.some((place) => isIn(place, name)))?.role,
    );
});

test("of several rules the one that allows most counts, wherever it stands", () => {
  const given = roles.map((role) => ({ role, who: "everyone" }));
  expect(standingOf(rules(given), person({}), orders).role).toBe("admin");
  expect(standingOf(rules(given.toReversed()), person({}), orders).role).toBe("admin");
});

test("a claim is the value itself or a list that holds it: nothing that is merely like it", () => {
  const access = rules([{ role: "admin", who: { claim: "realm_access.roles", is: "downbeat" } }]);
  const role = (claims: Record<string, unknown>) => standingOf(access, person(claims), orders).role;
  expect(role({ realm_access: { roles: ["downbeat"] } })).toBe("admin");
  expect(role({ realm_access: { roles: "downbeat" } })).toBe("admin");
  expect(role({ "realm_access.roles": ["downbeat"] })).toBe("admin");
  for (const near of [
    "downbeat-users",
    "Downbeat",
    "no downbeat",
    ["downbeat "],
    { downbeat: true },
    [["downbeat"]],
    1,
  ])
    expect(role({ realm_access: { roles: near } })).toBeUndefined();
});

test("what every object has by itself is no claim", () => {
  for (const name of ["constructor", "__proto__", "toString", "a.constructor", "constructor.name"])
    expect(claimOf({ a: {} }, name)).toBeUndefined();
});

test("whatever an issuer claims, nobody has a role by it that isn't listed", () => {
  const access = rules([{ role: "admin", who: { group: "admins" }, in: ["acme/orders"] }]);
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything()), fc.anything(), (claims, groups) => {
      const given = { ...claims, groups };
      const isIn = groups === "admins" || (Array.isArray(groups) && groups.includes("admins"));
      const identity = { ...person({}), ...vouchedClaims(access, given) };
      expect(standingOf(access, identity, orders).role).toBe(isIn ? "admin" : undefined);
      expect(standingOf(access, identity, billing).role).toBeUndefined();
    }),
  );
});
