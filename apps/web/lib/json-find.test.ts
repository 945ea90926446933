import { expect, test } from "vitest";
import { findInJson } from "./json-find.ts";
import { jsonTree, sourceOf } from "./json-text.ts";
import { wordOf } from "./json-word.ts";

function found(text: string, typed: string): string[] {
  const tree = jsonTree(text);
  if (tree === undefined) throw new Error("It is JSON.");
  return [...findInJson(text, tree, typed).matches].map((node) => sourceOf(text, node)).sort();
}

test("names and values are found at any depth, as they stand and as they are meant", () => {
  const text =
    '{"legs":[{"to":"Caf\\u00e9 Lisbon"}],"id":3544790567247868102,"price":1.10,"note":"a \\"b\\""}';
  expect(found(text, "lisbon")).toEqual(['"Caf\\u00e9 Lisbon"']);
  expect(found(text, "café")).toEqual(['"Caf\\u00e9 Lisbon"']);
  expect(found(text, "7868102")).toEqual(["3544790567247868102"]);
  expect(found(text, "1.10")).toEqual(["1.10"]);
  expect(found(text, 'a "b')).toEqual(['"a \\"b\\""']);
  expect(found(text, "LEGS")).toEqual(['"legs"']);
  expect(found(text, " ")).toEqual([]);
});

function shown(text: string): string {
  const tree = jsonTree(text);
  if (tree === undefined) throw new Error("It is JSON.");
  return wordOf(text, tree).shown;
}

test("a value is shown with its quotes and escapes, so that none looks like a second field", () => {
  const value = '"x\\", \\"admin\\": \\"true"';
  expect(shown(value)).toBe(value);
  expect(shown("3544790567247868102")).toBe("3544790567247868102");
  expect(shown("1.10")).toBe("1.10");
  expect(shown('"a\u202eb\u200bc"')).toBe('"a\\u202eb\\u200bc"');
  expect(shown("[ ]")).toBe("[]");
});
