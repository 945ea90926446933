import { expect, test } from "vitest";
import { z } from "zod";
import { issuesText } from "./issues-text.ts";
import { schemaCheck } from "./schema-check.ts";

const said = (schema: Record<string, unknown>, value: unknown) => issuesText(schemaCheck(schema)(value));

test("what doesn't fit is said with its place", () => {
  const schema = {
    type: "object",
    properties: {
      flight: { type: "object", properties: { to: { type: "string", minLength: 3 } }, required: ["to"] },
      legs: { type: "array", items: { type: "integer", minimum: 1 } },
    },
    required: ["flight"],
  };
  expect(said(schema, { flight: { to: "LIS" }, legs: [1], other: true })).toBe("");
  expect(said(schema, { flight: { to: "LI" }, legs: [1, 0] })).toBe(
    "✖ Too small: expected string to have >=3 characters\n  → at flight.to\n✖ Too small: expected number to be >=1\n  → at legs[1]",
  );
  expect(said(schema, null)).toBe("✖ Invalid input: expected object, received null");
});

test("of several choices, what is lacking of the nearest is said", () => {
  const card = {
    type: "object",
    properties: { by: { const: "card" }, number: { type: "string" } },
    required: ["by", "number"],
  };
  const cash = {
    type: "object",
    properties: { by: { const: "cash" }, till: { type: "integer" } },
    required: ["by", "till"],
  };
  const schema = { type: "object", properties: { pay: { oneOf: [card, cash] } }, required: ["pay"] };
  expect(said(schema, { pay: { by: "cash", till: 3 } })).toBe("");
  expect(said(schema, { pay: { by: "card" } })).toBe(
    "✖ Invalid input: expected string, received undefined\n  → at pay.number",
  );
  // What has fewer faults, and is of another kind, is farther.
  const check = { type: "object", properties: { by: { const: "check" } }, required: ["by"] };
  const wide = {
    ...card,
    properties: { ...card.properties, expires: { type: "string" } },
    required: ["by", "number", "expires"],
  };
  expect(said({ oneOf: [check, wide] }, { by: "card" })).toBe(
    "✖ Invalid input: expected string, received undefined\n  → at number\n✖ Invalid input: expected string, received undefined\n  → at expires",
  );
  expect(said({ type: ["string", "null"] }, 1)).toBe("✖ Invalid input: expected string or null");
});

test.each([
  [
    "a default, which is not filled in",
    { type: "object", properties: { a: { type: "string", default: "x" } } },
    {},
  ],
  [
    "a format that libraries understand differently",
    { type: "string", format: "date-time" },
    "2026-12-01T09:00+01:00",
  ],
  ["choices of which two fit", { oneOf: [{ type: "string" }, {}] }, "x"],
  ["a condition", { if: { type: "string" }, else: { minLength: 5 } }, 1],
  ["what is not to be, of some kinds", { not: { type: "string" } }, "x"],
  ["one of several objects", { enum: [{ a: 1 }, "b"] }, { a: 1 }],
  ["a keyword of later times", { type: "string", startsWith: "a" }, "x"],
  ["what is no schema", { type: "object", properties: { a: 7 } }, { a: "x" }],
])("%s refuses nothing", (_, schema, value) => {
  expect(said(schema, value)).toBe("");
});

test("a pattern that stands for a format is called by its name", () => {
  const schema = {
    type: "object",
    properties: { by: z.toJSONSchema(z.email()), on: z.toJSONSchema(z.iso.date()) },
  };
  expect(said(schema, { by: "ada", on: "tomorrow" })).toBe(
    "✖ Invalid email address\n  → at by\n✖ Invalid ISO date\n  → at on",
  );
  expect(said({ type: "string", pattern: "^a$" }, "b")).toBe("✖ Invalid string: must match pattern /^a$/");
});

test.each([
  ["date-time", "ISO datetime"],
  ["date", "ISO date"],
  ["duration", "ISO duration"],
  ["time", "ISO time"],
  ["email", "email address"],
  ["ipv4", "IPv4 address"],
  ["ipv6", "IPv6 address"],
  ["uuid", "UUID"],
  ["nanoid", "nanoid"],
])("a pattern that stands for %s is called %s", (format, words) => {
  expect(said({ type: "string", format, pattern: "^a$" }, "b")).toBe(`✖ Invalid ${words}`);
});

test("a format that no library knows is called as the schema calls it, and one that is no name is none", () => {
  const pattern = "^a$";
  expect(said({ type: "string", pattern, format: "seat" }, "b")).toBe("✖ Invalid seat");
  expect(said({ type: "string", pattern, format: "constructor" }, "b")).toBe("✖ Invalid constructor");
  expect(said({ type: "string", pattern, format: 7 }, "b")).toBe(
    "✖ Invalid string: must match pattern /^a$/",
  );
});

test("a schema of any depth is checked as deep as it is looked at", () => {
  let deep: Record<string, unknown> = { type: "integer" };
  for (let level = 0; level < 20_000; level++) deep = { type: "array", items: deep };
  const check = schemaCheck(deep);
  expect(check([[[]]])).toEqual([]);
  expect(check([[7]])).toMatchObject([{ path: [0, 0] }]);
});

test("of choices that a value is equally unlike, none is said to be meant but the kinds that fit", () => {
  const leg = { type: "object", properties: { to: { type: "string" } }, required: ["to"] };
  expect(said({ anyOf: [{ type: "string" }, { type: "integer" }, { type: "string" }] }, true)).toBe(
    "✖ Invalid input: expected string or number",
  );
  // One of them says more than that it is of another kind.
  expect(said({ anyOf: [{ const: "a" }, { type: "integer" }] }, true)).toBe("✖ Invalid input");
  expect(said({ properties: { a: { anyOf: [{ type: "string" }, leg] } }, type: "object" }, { a: {} })).toBe(
    "✖ Invalid input: expected string, received undefined\n  → at a.to",
  );
  expect(said({ type: "object", properties: { a: { type: ["string", "null"] } } }, { a: 1 })).toBe(
    "✖ Invalid input: expected string or null\n  → at a",
  );
});

test("the choice with fewer faults is nearer, one within another too", () => {
  const of = (...names: string[]) => ({
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
    required: names,
  });
  const near = "✖ Invalid input: expected string, received undefined\n  → at c";
  for (const anyOf of [
    [of("a", "b", "c", "d"), of("b", "c")],
    [of("b", "c"), of("a", "b", "c", "d")],
  ])
    expect(said({ anyOf }, { b: "x" })).toBe(near);
  const nested = { type: "object", properties: { in: { anyOf: [of("a", "b"), of("c")] } }, required: ["in"] };
  expect(said({ anyOf: [nested, of("x", "y")] }, { in: {} })).toBe(`${near.slice(0, -1)}in.c`);
});

test("a schema that speaks of itself is followed as deep as the value is", () => {
  const tree = {
    $defs: {
      tree: { type: "object", properties: { left: { $ref: "#/$defs/tree" }, n: { type: "integer" } } },
    },
    $ref: "#/$defs/tree",
  };
  expect(said(tree, { left: { left: { n: 1 } } })).toBe("");
  expect(said(tree, { left: { left: { n: "1" } } })).toBe(
    "✖ Invalid input: expected number, received string\n  → at left.left.n",
  );
});

test("a schema that holds nothing somewhere is looked through all the same", () => {
  const schema = { type: "string", pattern: "^a$", format: "seat", examples: [null, "b", [null]] };
  expect(said(schema, "b")).toBe("✖ Invalid seat");
});

test("what is said is of bounded length", () => {
  const text = said({ type: "array", items: { type: "string" } }, new Array(10_000).fill(1));
  expect(text).toMatch(/\nand 9,990 more$/);
  const long = said(
    { type: "object", properties: {}, additionalProperties: false },
    { ["x".repeat(9_000)]: 1 },
  );
  expect(long.length).toBeLessThanOrEqual(1_800);
});
