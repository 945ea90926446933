import { expect, test } from "vitest";
import { checkable } from "./checkable-schema.ts";

test("nothing is all that not may say, and choices are kept where they are simple", () => {
  expect(checkable({ not: {} })).toEqual({ not: {} });
  for (const not of [null, { type: "string" }, "x", []])
    expect(checkable({ not } as never), JSON.stringify(not)).toEqual(Array.isArray(not) ? { not: {} } : {});
  expect(checkable({ enum: ["a", 1, null] })).toEqual({ enum: ["a", 1, null] });
  expect(checkable({ enum: ["a", {}] } as never)).toEqual({});
  expect(checkable({ const: "a" })).toEqual({ const: "a" });
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
