import { expect, test } from "vitest";
import { initialValue } from "./initial-value.ts";
import { schemaField } from "./schema-field.ts";

const kind = (schema: Record<string, unknown>, root: Record<string, unknown> = schema) =>
  schemaField(schema, root).kind;

test.each([
  ["text", { type: "string" }, "text"],
  ["a number", { type: "number" }, "number"],
  ["a whole number", { type: "integer", minimum: 1 }, "number"],
  ["yes or no", { type: "boolean" }, "yesOrNo"],
  ["one of some words", { type: "string", enum: ["email", "paper"] }, "choice"],
  ["one of some constants", { anyOf: [{ const: "a" }, { const: 1 }] }, "choice"],
  ["what can be nothing else", { const: "card" }, "constant"],
  ["a day", { type: "string", format: "date", pattern: "x" }, "date"],
  ["a moment", { type: "string", format: "date-time" }, "moment"],
  ["an object", { type: "object", properties: { a: {} } }, "group"],
  ["a list", { type: "array", items: { type: "string" } }, "list"],
  ["places with a meaning", { type: "array", prefixItems: [{}], items: false }, "json"],
  ["names that nobody knows", { type: "object", additionalProperties: { type: "number" } }, "json"],
  ["one of several objects", { oneOf: [{ type: "object" }, { type: "array" }] }, "json"],
  ["anything", {}, "json"],
])("%s has its field", (_, schema, expected) => {
  expect(kind(schema)).toBe(expected);
});

test("what may be null as well is asked for like the other thing", () => {
  expect(schemaField({ type: ["string", "null"] }, {})).toEqual({ kind: "text", isNullable: true });
  expect(schemaField({ anyOf: [{ type: "integer", description: "cents" }, { type: "null" }] }, {})).toEqual({
    kind: "number",
    isNullable: true,
    hint: "cents",
  });
});

test("references are followed, as far as they lead anywhere", () => {
  const root = { $defs: { "a/b": { type: "boolean" }, round: { $ref: "#/$defs/round" } } };
  expect(kind({ $ref: "#/$defs/a~1b" }, root)).toBe("yesOrNo");
  expect(kind({ $ref: "#/$defs/round" }, root)).toBe("json");
  expect(kind({ $ref: "#/$defs/nowhere" }, root)).toBe("json");
  expect(kind({ $ref: "https://example.com" }, root)).toBe("json");
});

test("title, description and default are told", () => {
  expect(
    schemaField({ type: "string", title: "To", description: "An airport.", default: "LIS" }, {}),
  ).toEqual({
    kind: "text",
    isNullable: false,
    title: "To",
    hint: "An airport.",
    default: "LIS",
  });
});

test("a form begins with what is needed and can't be anything else, and with no more", () => {
  const schema = {
    type: "object",
    properties: {
      kind: { const: "trip" },
      tripId: { type: "string" },
      flight: {
        type: "object",
        properties: { to: { type: "string" }, window: { type: "boolean" } },
        required: ["to", "window"],
      },
      legs: { type: "array", items: {} },
      note: { type: ["string", "null"] },
      hotel: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      documents: { enum: ["email", "paper"], default: "email" },
    },
    required: ["kind", "tripId", "flight", "legs", "note"],
  };
  expect(initialValue(schema)).toEqual({
    kind: "trip",
    flight: { window: false },
    legs: [],
    note: null,
  });
});

const self = { $ref: "#" };
const object = (properties: Record<string, unknown>, ...required: string[]) => ({
  type: "object",
  properties,
  required,
});

test.each([
  ["itself", object({ left: self }, "left")],
  [
    "itself many times over",
    object({ a: self, b: self, c: self, d: self, e: self }, "a", "b", "c", "d", "e"),
  ],
  [
    "itself by way of others",
    object({ in: object({ further: object({ in: self }, "in") }, "further") }, "in"),
  ],
  [
    "another that needs itself",
    { ...object({ a: { $ref: "#/$defs/a" } }, "a"), $defs: { a: object({ a: { $ref: "#/$defs/a" } }, "a") } },
  ],
  ["itself, not as null", object({ a: { anyOf: [self, { type: "string" }] }, b: self }, "a", "b")],
])("a schema that needs %s has no fields: they would not end", (_, schema) => {
  expect(kind(schema)).toBe("json");
  expect(initialValue(schema)).toBeUndefined();
});

test.each([
  ["may be left out", object({ name: {}, left: self }, "name")],
  ["may be null", object({ left: { anyOf: [self, { type: "null" }] } }, "left")],
  ["is in a list", object({ children: { type: "array", items: self } }, "children")],
  [
    "stands beside itself",
    {
      ...object({ a: { $ref: "#/$defs/a" }, b: { $ref: "#/$defs/a" } }, "a", "b"),
      $defs: { a: object({ x: { type: "string" } }, "x") },
    },
  ],
])("one that %s has its fields", (_, schema) => {
  expect(kind(schema)).toBe("group");
  expect(JSON.stringify(initialValue(schema)).length).toBeLessThan(100);
});

test("schemas that need each other over and over are looked through once", () => {
  const names = Array.from({ length: 40 }, (_, index) => `s${index}`);
  const $defs = Object.fromEntries(
    names.map((name, index) => {
      const next = { $ref: `#/$defs/s${index + 1}` };
      return [name, index === 39 ? object({ a: {} }) : object({ a: next, b: next }, "a", "b")];
    }),
  );
  const schema = { $defs, $ref: "#/$defs/s0" };
  expect(kind(schema)).toBe("group");
  expect(initialValue(schema)).toBeDefined();
});
