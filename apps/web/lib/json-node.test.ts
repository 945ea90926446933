import fc from "fast-check";
import { expect, test } from "vitest";
import { type JsonNode, readJson, spaced } from "./json-node.ts";

function heldBy(node: JsonNode): unknown {
  const { type, value, children = [] } = node;
  if (type === "array") return children.map(heldBy);
  if (type !== "object") return value;
  const entries = children.map(({ children: [name, inner] = [] }) => [name?.value, inner && heldBy(inner)]);
  return Object.fromEntries(entries);
}

test("each value is found where it stands", () => {
  const text = ' { "a\\"}" : [1.10 ,-2e+5, "x, y: [z]" ] , "b":{ },"b" :null} ';
  const tree = readJson(text);
  const sources: string[] = [];
  const walk = (node: JsonNode) => {
    sources.push(text.slice(node.offset, node.offset + node.length));
    for (const child of node.children ?? []) {
      expect(child.parent).toBe(node);
      walk(child);
    }
  };
  walk(tree);
  expect(sources).toEqual([
    text.trim(),
    '"a\\"}" : [1.10 ,-2e+5, "x, y: [z]" ]',
    '"a\\"}"',
    '[1.10 ,-2e+5, "x, y: [z]" ]',
    "1.10",
    "-2e+5",
    '"x, y: [z]"',
    '"b":{ }',
    '"b"',
    "{ }",
    '"b" :null',
    '"b"',
    "null",
  ]);
});

test("whatever JSON holds is read as every reader does, however it is spaced", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, "\t"), (value, space) => {
      const text = JSON.stringify(value, undefined, space);
      const tree = readJson(text);
      expect(heldBy(tree)).toEqual(JSON.parse(text));
      expect(tree.length).toBe(text.length);
      expect(spaced(text, tree)).toBe(JSON.stringify(JSON.parse(text), undefined, 2));
    }),
  );
});
