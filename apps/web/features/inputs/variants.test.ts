import fc from "fast-check";
import { expect, test } from "vitest";
import { asVariant } from "./as-variant.ts";
import { initialValue } from "./initial-value.ts";
import { schemaField } from "./schema-field.ts";
import { variantAt, variantsOf } from "./variants.ts";

type Schema = Record<string, unknown>;

const object = (properties: Schema, ...required: string[]): Schema => ({
  type: "object",
  properties,
  required,
});
const text = { type: "string" };
const card = object({ by: { const: "card" }, number: text, note: text }, "by", "number");
const cash = object({ by: { const: "cash" }, till: { type: "integer" }, note: text }, "by", "till");
const gift = object({ by: { const: "gift" }, code: text }, "by", "code");

function variants(schema: Schema, root: Schema = schema) {
  const field = schemaField(schema, root);
  return field.kind === "variants" ? variantsOf(field.schemas, root) : undefined;
}

const names = (schema: Schema) => variants(schema)?.map(({ name }) => name);

test.each<[string, Schema, readonly string[] | undefined]>([
  ["what tells them apart", { oneOf: [card, cash] }, ["card", "cash"]],
  ["their titles", { anyOf: [{ ...card, title: "Credit card" }, cash] }, ["Credit card", "cash"]],
  [
    "the fields that only they have",
    { anyOf: [object({ a: {}, b: {} }), object({ a: {}, c: {}, d: {}, e: {}, f: {} })] },
    ["with b", "with c, d, e, …"],
  ],
  ["their kind", { anyOf: [text, { type: "number" }, card] }, ["text", "a number", "with by, number, note"]],
  [
    "numbers, where nothing tells them apart",
    { anyOf: [object({ a: text }), object({ a: { type: "number" } })] },
    ["with a", "with a (2)"],
  ],
  [
    "several constants together",
    {
      oneOf: [
        object({ by: { const: "card" }, of: { const: "visa" } }),
        object({ by: { const: "card" }, of: { const: "amex" } }),
      ],
    },
    ["visa", "amex"],
  ],
  [
    "those of alternatives within alternatives too",
    { anyOf: [{ oneOf: [card, cash] }, gift] },
    ["card", "cash", "gift"],
  ],
  ["nothing where there is a form for none", { anyOf: [{ type: "object" }, { type: "array" }] }, undefined],
  [
    "nothing where more has to fit than one of them",
    { ...object({ a: {} }), anyOf: [card, cash] },
    undefined,
  ],
  [
    "nothing where there are too many",
    { anyOf: Array.from({ length: 51 }, () => object({ a: {} })) },
    undefined,
  ],
])("variants are called by %s", (_, schema, expected) => {
  expect(names(schema)).toEqual(expected);
});

test("one of several that may be null as well is asked for like the others", () => {
  expect(schemaField({ anyOf: [card, cash, { type: "null" }] }, {})).toMatchObject({
    kind: "variants",
    schemas: [card, cash],
    isNullable: true,
  });
  expect(schemaField({ anyOf: [{ const: "a" }, { const: "b" }, { type: "null" }] }, {})).toMatchObject({
    kind: "choice",
    choices: ["a", "b"],
    isNullable: true,
  });
});

test("what a value is one of is told by its constants, and by what it holds", () => {
  const pay = variants({ oneOf: [card, cash] }) ?? [];
  expect(variantAt({ by: "cash" }, pay, {})).toBe(1);
  expect(variantAt({ by: "cheque" }, pay, {})).toBeUndefined();
  expect(variantAt(undefined, pay, {})).toBeUndefined();
  const plain = {
    anyOf: [object({ name: text, born: text }, "name", "born"), object({ company: text }), text],
  };
  const given = variants(plain) ?? [];
  expect(variantAt({ company: "x" }, given, plain)).toBe(1);
  expect(variantAt({ name: "x" }, given, plain)).toBe(0);
  expect(variantAt("x", given, plain)).toBe(2);
  expect(variantAt([], given, plain)).toBeUndefined();
});

test("what a person chose stands, until the value can only be another", () => {
  const plain = { anyOf: [object({ a: text }), object({ b: text }, "b"), text] };
  const given = variants(plain) ?? [];
  expect(variantAt({}, given, plain)).toBe(0);
  expect(variantAt({}, given, plain, 1)).toBe(1);
  expect(variantAt(undefined, given, plain, 2)).toBe(2);
  expect(variantAt({ a: "x" }, given, plain, 1)).toBe(0);
});

test("another variant begins with what it needs, and keeps what both have, to the last digit", () => {
  const schema = {
    oneOf: [card, object({ by: { const: "wire" }, note: text, cents: { type: "integer" } }, "by", "cents")],
  };
  const typed = '{"by": "card", "number": "4", "note": "soon", "cents": 3544790567247868102}';
  expect(asVariant(schema.oneOf[1] ?? {}, schema, typed)).toBe(
    '{\n  "by": "wire",\n  "note": "soon",\n  "cents": 3544790567247868102\n}',
  );
  expect(asVariant(card, schema, '{"note": 7}')).toBe('{\n  "by": "card"\n}');
  expect(asVariant(text, schema, '"x"')).toBeUndefined();
  expect(asVariant({ type: "array", items: {} }, schema, undefined)).toBe("[]");
});

test("alternatives that lead to themselves are come to once", () => {
  const round = {
    $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }, text] }, b: card },
    $ref: "#/$defs/a",
  };
  expect(names(round)).toEqual(["with by, number, note", "text"]);
  const tree = { anyOf: [text, object({ left: { $ref: "#" }, right: { $ref: "#" } }, "left", "right")] };
  expect(names(tree)).toEqual(["text", "with left, right"]);
  expect(initialValue(tree)).toBeUndefined();
  expect(asVariant(tree.anyOf[1] ?? {}, tree, undefined)).toBe("{}");
});

const { schema: anySchema } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Schema>(text, { type: "number" }, { type: "boolean" }, { type: "null" }, {}),
    fc.constantFrom<Schema>({ const: "a" }, { const: { b: 1 } }, { enum: ["x", 1, null] }, { $ref: "#" }),
    fc.constantFrom<Schema>(
      { $ref: "#/$defs/d" },
      { type: ["string", "null"] },
      { type: "array", items: text },
    ),
    fc.record({ anyOf: fc.array(tie("schema"), { maxLength: 4 }) }),
    fc.record({ oneOf: fc.array(tie("schema"), { maxLength: 4 }), title: fc.constantFrom("", "T") }),
    fc.record({ anyOf: fc.array(tie("schema")), properties: fc.constant({ a: text }) }),
    fc.record({ type: fc.constant("array"), items: tie("schema") }),
    fc
      .dictionary(fc.constantFrom("kind", "a", "b", "__proto__", "toString", ""), tie("schema"), {
        maxKeys: 4,
      })
      .map((properties): Schema => object(properties, ...Object.keys(properties).slice(0, 2))),
    fc.constantFrom<Schema>({ anyOf: 7 }, { oneOf: [7, null] }, { type: "object", properties: { a: 7 } }),
  ),
}));

test("whatever a schema is made of, its form has an end, names its variants apart, and shows the one that was chosen", () => {
  fc.assert(
    fc.property(anySchema, anySchema, fc.json(), (made, d, json) => {
      const root: Schema = { ...made, $defs: { d } };
      expect(() => initialValue(root)).not.toThrow();
      const field = schemaField(root, root);
      if (field.kind !== "variants") return;
      const all = variantsOf(field.schemas, root);
      expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
      const value: unknown = JSON.parse(json);
      const at = variantAt(value, all, root);
      if (at !== undefined) expect(all[at]).toBeDefined();
      for (const [index, { schema }] of all.entries()) {
        const begun = asVariant(schema, root, json);
        const now: unknown = begun === undefined ? undefined : JSON.parse(begun);
        // What may be anything at all is nothing that a person chooses by its value.
        if (schemaField(schema, root).kind === "json") continue;
        expect(variantAt(now, all, root, index)).toBe(index);
      }
    }),
    {
      numRuns: 2_000,
      examples: [
        [{ oneOf: [{ $ref: "#" }, { type: "string" }, { type: "null" }] }, { type: "string" }, "{}"],
        [{ anyOf: [{ type: "null" }, { $ref: "#" }] }, { type: "string" }, "{}"],
      ],
    },
  );
});
