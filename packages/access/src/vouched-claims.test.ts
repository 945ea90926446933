import { expect, test } from "vitest";
import { parseAccess } from "./configuration.ts";
import { standingOf } from "./role-of.ts";
import { vouchedClaims } from "./vouched-claims.ts";

const access = parseAccess(
  JSON.stringify({
    address: "https://downbeat.example.com",
    provider: {
      issuer: "https://login.example.com/realms/acme",
      clientId: "downbeat",
      groups: "realm_access.roles",
    },
    roles: [
      { role: "admin", who: { group: "downbeat-admins" } },
      { role: "operator", who: { group: "ops" }, in: ["acme/*"] },
      { role: "support", who: { claim: "resource_access.downbeat.roles", is: "support" } },
      { role: "manager", who: { claim: "level", is: 3 } },
    ],
  }),
);

/** As Keycloak says it. */
const said = {
  iss: "https://login.example.com/realms/acme",
  sub: "8f1b0d6c-6f0e-4a5e-9d53-0c5f3a4f0001",
  name: "Ada Lovelace",
  email: "ada@example.com",
  realm_access: { roles: ["offline_access", "ops", "uma_authorization"] },
  resource_access: { account: { roles: ["manage-account"] }, downbeat: { roles: ["support", "other"] } },
  level: "3",
};

test("of a token is kept what a rule asks for and nothing else, and it gives the same roles", () => {
  const vouched = vouchedClaims(access, said);
  expect(vouched).toEqual({
    groups: ["ops"],
    claims: { "resource_access.downbeat.roles": ["support"] },
  });
  const identity = { issuer: said.iss, subject: said.sub, name: said.name, ...vouched };
  expect(standingOf(access, identity, { tenant: "acme", namespace: "orders" }).role).toBe("operator");
  expect(standingOf(access, identity, { tenant: "other", namespace: "orders" }).role).toBe("support");
});

test("a claim by the name of groups is none where the provider has its groups elsewhere", () => {
  expect(vouchedClaims(access, { sub: "x", groups: ["downbeat-admins"] })).toEqual({
    groups: [],
    claims: {},
  });
});

test("a rule on a claim by the name of groups puts nobody into the provider's groups", () => {
  const both = {
    ...access,
    roles: [
      { role: "viewer", who: { claim: "groups", is: "ops" }, in: ["*"] },
      { role: "admin", who: { group: "ops" }, in: ["*"] },
    ],
  } satisfies Pick<typeof access, "roles">;
  const vouched = vouchedClaims(both, { sub: "x", groups: ["ops"], realm_access: { roles: [] } });
  expect(vouched).toEqual({ groups: [], claims: { groups: ["ops"] } });
  const identity = { issuer: said.iss, subject: "x", name: "X", ...vouched };
  expect(standingOf(both, identity, { tenant: "acme", namespace: "orders" }).role).toBe("viewer");
});

test.each(["__proto__", "constructor", "toString"])("a claim can have any name: %s", (claim) => {
  const odd = { ...access, roles: [{ role: "viewer" as const, who: { claim, is: "x" }, in: ["*"] }] };
  const given: Record<string, unknown> = JSON.parse(`{"sub":"x","${claim}":["x"]}`);
  const { claims } = vouchedClaims(odd, given);
  expect(Object.entries(claims)).toEqual([[claim, ["x"]]]);
  expect(vouchedClaims(odd, { sub: "x" }).claims).toEqual({});
});

test("a token of many groups stays small", () => {
  const roles = Array.from({ length: 5_000 }, (_, number) => `group-${number}`);
  expect(JSON.stringify(vouchedClaims(access, { ...said, realm_access: { roles } })).length).toBeLessThan(
    200,
  );
});
