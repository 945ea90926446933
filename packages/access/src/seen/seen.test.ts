import fc from "fast-check";
import { expect, test } from "vitest";
import type { Account } from "../accounts/accounts.ts";
import type { Token } from "../tokens/tokens.ts";
import { changesOf, type Seen, seenAccount, seenEnd, seenList, seenToken, toldIn } from "./seen.ts";

const account: Account = {
  name: "ada",
  groups: ["admins"],
  password: "scrypt$N=32768,r=8,p=3$salt$hash",
  isDisabled: false,
  sessionsSince: 0,
};
const token: Token = {
  id: "1c9f0a7be2d4",
  name: "ci",
  hash: "h".repeat(43),
  role: "operator",
  in: ["acme/*"],
  madeAt: 0,
  endsAt: 1_000,
  madeBy: "ada (downbeat tokens)",
};

test("what somebody did to the files is told, with what is different and no secret", () => {
  const before = [seenAccount(account)];
  const after = [
    seenAccount({ ...account, groups: ["ops"], password: "scrypt$other", isDisabled: true }),
    seenToken(token),
  ];
  expect(changesOf(before, after)).toEqual([
    expect.objectContaining({
      how: "change",
      what: "account",
      id: "ada",
      told: [
        { field: "groups", is: "ops" },
        { field: "disabled", is: "true" },
        { field: "password", is: "another one" },
      ],
    }),
    expect.objectContaining({
      how: "add",
      what: "token",
      id: token.id,
      told: [
        { field: "name", is: "ci" },
        { field: "role", is: "operator" },
        { field: "in", is: "acme/*" },
        { field: "until", is: "1970-01-01T00:00:01.000Z" },
        { field: "by", is: "ada (downbeat tokens)" },
      ],
    }),
  ]);
  expect(JSON.stringify(changesOf(after, []))).not.toMatch(/scrypt|hhhh/);
  expect(changesOf(after, [])).toMatchObject([
    { how: "withdraw", what: "account", id: "ada" },
    { how: "withdraw", what: "token", id: token.id },
  ]);
  expect(changesOf(after, after)).toEqual([]);
});

test("a namespace is told of its own places, and of others only that there are some", () => {
  const wide = { ...token, in: ["acme/*", "acme/orders", "other/secret"] };
  const inOf = (before: readonly Token[], after: readonly Token[], namespace: string) =>
    changesOf(before.map(seenToken), after.map(seenToken)).flatMap((change) =>
      toldIn(change, { tenant: "acme", namespace }).filter(({ field }) => field === "in"),
    );
  const told = (is: string) => [{ field: "in", is }];
  expect(inOf([], [wide], "orders")).toEqual(told("acme/*, acme/orders, others"));
  expect(inOf([wide], [], "billing")).toEqual(told("acme/*, others"));
  expect(inOf([wide], [{ ...wide, in: ["other/secret"] }], "orders")).toEqual(told("others"));
  expect(inOf([wide], [token], "orders")).toEqual(told("acme/*"));
  // Anybody's account may have a field of that name.
  const [change] = changesOf([], [{ ...seenAccount(account), facts: { in: "x" } }]);
  expect(change && toldIn(change, { tenant: "acme", namespace: "orders" })).toEqual(told("x"));
});

test("an end of somebody's sessions is told, the next one too, and not that it is forgotten", () => {
  const ended = (since: number) => seenEnd({ id: "local|ada", since }, ["ops"]);
  const told = (at: string) => [{ field: "begunUntil", is: at }];
  const [first, second] = ["1970-01-01T00:00:01.000Z", "1970-01-01T00:00:02.000Z"];
  const who = { what: "sessions", id: "local|ada" };
  expect(changesOf([], [ended(1_000)])).toMatchObject([{ how: "add", ...who, told: told(first) }]);
  expect(changesOf([ended(1_000)], [ended(2_000)])).toMatchObject([
    { how: "change", ...who, told: told(second) },
  ]);
  expect(changesOf([ended(1_000)], [])).toEqual([]);
  expect(seenList.parse(seenList.format([ended(1_000)]))).toEqual([ended(1_000)]);
});

const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "", "東京", "a b"));
const someSeen: fc.Arbitrary<readonly Seen[]> = fc.uniqueArray(
  fc.record({
    what: fc.constantFrom("account" as const, "token" as const),
    id: text,
    groups: fc.array(text, { maxLength: 3 }),
    in: fc.array(text, { maxLength: 3 }),
    facts: fc.dictionary(
      text.filter((field) => field !== "__proto__"),
      text,
      { maxKeys: 4 },
    ),
  }),
  { selector: ({ what, id }) => `${what} ${id}`, maxLength: 6 },
);

test("each that is new, gone or different is told once, and nothing else", () => {
  fc.assert(
    fc.property(someSeen, someSeen, (before, after) => {
      const key = ({ what, id }: Pick<Seen, "what" | "id">) => `${what} ${id}`;
      const changes = changesOf(before, after);
      const [old, now] = [new Set(before.map(key)), new Set(after.map(key))];
      const of = (how: string) => changes.filter((each) => each.how === how).map(key);
      expect(of("add")).toEqual(after.map(key).filter((each) => !old.has(each)));
      expect(of("withdraw")).toEqual(before.map(key).filter((each) => !now.has(each)));
      expect(of("change").every((each) => old.has(each) && now.has(each))).toBe(true);
    }),
  );
});

test("what was seen is read again as it was written", () => {
  fc.assert(
    fc.property(someSeen, (all) => {
      const wellFormed = JSON.parse(JSON.stringify(all)) as readonly Seen[];
      expect(seenList.parse(seenList.format(wellFormed))).toEqual(wellFormed);
    }),
  );
  for (const odd of ["", "[]", '{"version":2,"seen":[]}']) expect(() => seenList.parse(odd)).toThrow();
});
