import fc from "fast-check";
import { expect, test } from "vitest";
import { withSegments } from "./segments.ts";
import { ToldLists } from "./told-lists.ts";

interface Reader {
  version?: string;
  items: readonly number[];
  groups: readonly string[];
}

function ask(told: ToldLists<number, string>, reader: Reader, key: string, lists: Omit<Reader, "version">) {
  const changes = told.changes(key, lists, reader.version);
  const isDifference = changes.since !== undefined;
  if (isDifference) expect(changes.since).toBe(reader.version);
  reader.items = withSegments(isDifference ? reader.items : [], changes.items);
  reader.groups = withSegments(isDifference ? reader.groups : [], changes.groups);
  reader.version = changes.version;
  return changes;
}

test("however many ask, whenever they ask, each has the lists that there are", () => {
  const lists = fc.record({ items: fc.array(fc.nat(9)), groups: fc.array(fc.constantFrom("a", "b")) });
  const step = fc.record({ reader: fc.nat(2), key: fc.constantFrom("x", "y"), lists });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const told = new ToldLists<number, string>();
      const readers = Array.from({ length: 3 }, (): Reader => ({ items: [], groups: [] }));
      for (const { reader: index, key, lists: now } of steps) {
        const reader = readers[index] as Reader;
        ask(told, reader, key, now);
        expect(reader).toMatchObject(now);
      }
    }),
  );
});

test("who has what there is, is told that nothing changed", () => {
  const told = new ToldLists<number, string>();
  const lists = { items: [1, 2, 3], groups: ["a"] };
  const { version } = told.changes("x", lists, undefined);
  expect(told.changes("x", lists, version)).toEqual({
    version,
    since: version,
    items: [{ from: 0, count: 3 }],
    groups: [{ from: 0, count: 1 }],
  });
});

test("a version of another question, of another server or one that is forgotten gets everything", () => {
  const told = new ToldLists<number, string>();
  const first = told.changes("x", { items: [1], groups: [] }, undefined);
  expect(told.changes("y", { items: [1], groups: [] }, first.version).since).toBeUndefined();
  expect(new ToldLists().changes("x", { items: [1], groups: [] }, first.version).since).toBeUndefined();
  for (let item = 2; item < 60; item++) told.changes("x", { items: [item], groups: [] }, undefined);
  const late = told.changes("x", { items: [1], groups: [] }, first.version);
  expect(late).toMatchObject({ items: [{ put: [1] }] });
  expect(late.since).toBeUndefined();
});
