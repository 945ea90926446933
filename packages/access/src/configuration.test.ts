import { expect, test } from "vitest";
import { parseAccess } from "./configuration.ts";
import { maskedIn } from "./masked-in.ts";
import { secondPersonIn } from "./second-person-in.ts";

const least = { accounts: "accounts.json", roles: [{ role: "admin", who: { group: "admins" } }] };
const parse = (more: object) => parseAccess(JSON.stringify({ ...least, ...more }));

test("the least that can be said: accounts, and who has a role, everywhere", () => {
  expect(parse({})).toEqual({
    accounts: "accounts.json",
    masked: [],
    proxies: [],
    secondPerson: [],
    tokens: "tokens.json",
    roles: [{ role: "admin", who: { group: "admins" }, in: ["*"] }],
    sessions: { idle: 8 * 3_600_000, longest: 7 * 86_400_000, most: 20 },
  });
});

test("an address is https, or of this machine alone", () => {
  expect(parse({ address: "https://downbeat.example.com" }).address?.origin).toBe(
    "https://downbeat.example.com",
  );
  expect(parse({ address: "http://localhost:3000" }).address?.host).toBe("localhost:3000");
  expect(() => parse({ address: "http://downbeat.example.com" })).toThrow(
    /^address: https: over http, passwords/,
  );
  expect(() => parse({ address: "https://downbeat.example.com/here" })).toThrow("an address without a path");
  expect(() => parse({ address: "downbeat" })).toThrow("address: an address such as");
});

test("what is masked is said by workflow or kind of job, with paths that can be followed", () => {
  const rules = {
    masked: [
      { workflow: "*", paths: ["**.iban"] },
      { jobType: "charge", paths: ["customer.email"], in: ["acme/*"] },
    ],
  };
  const named = (namespace: string) => maskedIn(parse(rules), { tenant: "acme", namespace });
  expect(named("orders")).toEqual([
    { workflow: "*", of: "everything", paths: [["**", "iban"]] },
    { jobType: "charge", of: "everything", paths: [["customer", "email"]] },
  ]);
  expect(maskedIn(parse(rules), { tenant: "public", namespace: "default" })).toHaveLength(1);
});

test("what needs a second person is said by place, and of several rules the strictest counts", () => {
  const access = parse({
    secondPerson: [
      { bulkAbove: 1_000 },
      { terminate: true, bulkAbove: 100, expires: "2h", in: ["acme/*"] },
      { complete: true, in: ["acme/orders"] },
    ],
  });
  expect(secondPersonIn(access, { tenant: "public", namespace: "default" })).toEqual({
    terminate: false,
    complete: false,
    bulkAbove: 1_000,
    expiresAfterMs: 86_400_000,
  });
  expect(secondPersonIn(access, { tenant: "acme", namespace: "orders" })).toEqual({
    terminate: true,
    complete: true,
    bulkAbove: 100,
    expiresAfterMs: 7_200_000,
  });
  expect(secondPersonIn(parse({}), { tenant: "acme", namespace: "orders" })).toBeUndefined();
});

test.each<[object, string]>([
  [{ masked: [{ workflow: "*", paths: ["a..b"] }] }, "masked[0].paths[0]: names with dots between"],
  [{ masked: [{ workflow: "*", paths: [] }] }, "masked[0].paths: "],
  [{ masked: [{ paths: ["a"] }] }, 'masked[0]: either a workflow or a jobType ("*": all)'],
  [{ masked: [{ workflow: "no name", paths: ["a"] }] }, "masked[0].workflow: letters, digits"],
  [{ secondPerson: [{}] }, "secondPerson[0]: it asks for nothing: say terminate, complete or bulkAbove."],
  [{ secondPerson: [{ bulkAbove: -1 }] }, "secondPerson[0].bulkAbove: "],
  [{ secondPerson: [{ terminate: true, expires: "1s" }] }, "secondPerson[0].expires: 1 min at least."],
  [{ secondPerson: [{ terminat: true }] }, "secondPerson[0] has what isn't known: terminat."],
  [{ roles: [] }, "roles: nobody could do anything"],
  [
    { roles: [{ role: "root", who: "everyone" }] },
    "roles[0].role: one of viewer, manager, support, operator, admin.",
  ],
  [{ roles: [{ role: "admin", who: "anyone" }] }, 'roles[0].who: "everyone" who signs in, or one of'],
  [{ roles: [{ role: "admin", who: { group: "a", person: "local|b" } }] }, "roles[0].who: "],
  [{ roles: [{ role: "admin", who: { person: "ada" } }] }, "roles[0].who.person: as in local|ada"],
  [{ roles: [{ role: "admin" }] }, "roles[0].who: "],
  [
    { roles: [{ role: "viewer", who: "everyone", in: ["acme"] }] },
    "roles[0].in[0]: a namespace such as acme/orders",
  ],
  [{ roles: [{ role: "viewer", who: "everyone", in: [] }] }, "roles[0].in: "],
  [{ rolls: [] }, "It has what isn't known: rolls."],
  [{ accounts: "" }, "accounts: "],
  [{ sessions: { idle: "1s" } }, "sessions.idle: 1 min at least."],
  [{ sessions: { idle: "soon" } }, "sessions.idle: a number and its unit"],
  [{ sessions: { longest: "900d" } }, "sessions.longest: a year at most."],
])("%j is refused, with where and why", (wrong, why) => {
  expect(() => parse(wrong)).toThrow(why);
});

test("what is no JSON is said to be none", () => {
  expect(() => parseAccess("roles:")).toThrow(/^It is no JSON from line 1, column 1 on\.$/);
  expect(() => parseAccess("[]")).toThrow(/^It: /);
});
