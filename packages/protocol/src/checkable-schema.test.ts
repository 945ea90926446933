import { expect, test } from "vitest";
import { checkable } from "./checkable-schema.ts";

test("nothing is all that not may say, and choices are kept where they are simple", () => {
  expect(checkable({ not: {} })).toEqual({ not: {} });
  for (const not of [null, { type: "string" }, "x", []])
    expect(checkable({ not } as never), JSON.stringify(not)).toEqual(Array.isArray(not) ? { not: {} } : {});
  expect(checkable({ enum: ["a", 1, null] })).toEqual({ enum: ["a", 1, null] });
  expect(checkable({ enum: ["a", {}] } as never)).toEqual({});
  expect(checkable({ const: "a" })).toEqual({ const: "a" });
  for (const odd of [{ const: {} }, { const: ["a"] }, { title: {} }])
    expect(checkable(odd as never), JSON.stringify(odd)).toEqual({});
  expect(checkable({ not: 7 } as never)).toEqual({});
  expect(checkable({ not: "" } as never)).toEqual({});
});

test("all that needs no other schema to be checked is kept as it is", () => {
  const plain = {
    ...{ $ref: "#/$defs/a", type: "array", required: ["a"], minLength: 1, maxLength: 2, pattern: "^a" },
    ...{ minimum: 1, maximum: 2, exclusiveMinimum: 0, exclusiveMaximum: 3, multipleOf: 1 },
    ...{ minItems: 1, maxItems: 2, uniqueItems: true, minProperties: 1, maxProperties: 2 },
  };
  expect(checkable({ ...plain, title: "A", format: "email", default: 1 } as never)).toEqual(plain);
  const inside = { items: { minimum: 1 }, additionalProperties: false, propertyNames: { pattern: "a" } };
  expect(checkable(inside as never)).toEqual(inside);
  const named = { properties: { a: { minimum: 1 } }, patternProperties: { b: true }, $defs: { c: {} } };
  expect(checkable(named as never)).toEqual(named);
});

test("keywords that hold something else than they may refuse nothing", () => {
  expect(checkable({ enum: "abc", anyOf: {}, properties: null } as never)).toEqual({
    anyOf: [],
    properties: {},
  });
  expect(checkable({ allOf: "abc" } as never)).toEqual({ allOf: [] });
});

test("of several choices each is looked into", () => {
  const text = { type: "string", format: "email" };
  expect(checkable({ anyOf: [text, { enum: [1] }], allOf: [text] } as never)).toEqual({
    anyOf: [{ type: "string" }, { enum: [1] }],
    allOf: [{ type: "string" }],
  });
  expect(checkable({ oneOf: [text] } as never)).toEqual({ anyOf: [{ type: "string" }] });
});

test("what is no schema takes everything", () => {
  for (const odd of [null, 7, "x", []])
    expect(checkable({ properties: { a: odd } } as never), JSON.stringify(odd)).toEqual({
      properties: { a: {} },
    });
  expect(checkable({ properties: { a: true, b: false } } as never)).toEqual({
    properties: { a: true, b: false },
  });
});

test("a list's places are looked into, and named schemas that are none hold nothing", () => {
  const text = { type: "string", format: "email" };
  expect(checkable({ prefixItems: [text, true] } as never)).toEqual({
    prefixItems: [{ type: "string" }, true],
  });
  for (const odd of ["abc", 7, null])
    expect(checkable({ properties: odd } as never), JSON.stringify(odd)).toEqual({ properties: {} });
  expect(checkable({ properties: { a: [] } } as never)).toEqual({ properties: { a: {} } });
});

test("forty levels are looked into, by whatever keyword, and what is deeper takes everything", () => {
  const nested = (levels: number, wrap: (inside: object) => object) => {
    let schema: object = { minimum: 1 };
    for (let level = 0; level < levels; level++) schema = wrap(schema);
    return schema;
  };
  const holds = (schema: object) => JSON.stringify(checkable(schema as never)).includes("minimum");
  for (const wrap of [
    (inside: object) => ({ items: inside }),
    (inside: object) => ({ anyOf: [inside] }),
    (inside: object) => ({ oneOf: [inside] }),
    (inside: object) => ({ properties: { a: inside } }),
  ])
    expect([40, 41].map((levels) => holds(nested(levels, wrap)))).toEqual([true, false]);
});
