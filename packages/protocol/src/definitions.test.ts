import { expect, test } from "vitest";
import { Definitions } from "./definitions.ts";

interface Announced {
  readonly definition?: string;
  readonly text: string;
}

function announced(
  ...listed: readonly (readonly [name: string, definition: string | undefined, text?: string])[]
) {
  const definitions = new Definitions<Announced>();
  for (const [name, definition, text = definition ?? ""] of listed)
    definitions.add(name, { ...(definition !== undefined && { definition }), text });
  return definitions;
}

const texts = (found: Iterable<Announced> | undefined) => found && [...found].map(({ text }) => text);

test("of each name all definitions are known, the one that was announced last as the newest", () => {
  const all = announced(["trip", "a"], ["trip", "b"], ["pay", "c"]);
  expect([...all.names()]).toEqual(["trip", "pay"]);
  expect(texts(all.all())).toEqual(["a", "b", "c"]);
  expect(texts(all.newest())).toEqual(["b", "c"]);
  expect(all.newestOf("trip")?.text).toBe("b");
  expect(all.newestOf("refund")).toBeUndefined();
  expect([all.has("pay"), all.has("refund"), all.has("constructor")]).toEqual([true, false, false]);
});

test("one that is announced again is the newest again, with what it says now", () => {
  const all = announced(["trip", "a", "first"], ["trip", "b"], ["trip", "a", "second"]);
  expect(texts(all.all())).toEqual(["b", "second"]);
  expect(all.newestOf("trip")?.text).toBe("second");
});

test("definitions are found by their ids, and by none the newest", () => {
  const all = announced(["trip", "a"], ["trip", "b"], ["trip", "c"], ["old", undefined, "nameless"]);
  expect(texts(all.among("trip", ["c", "a"]))).toEqual(["a", "c"]);
  expect(texts(all.among("trip", []))).toEqual(["c"]);
  expect(texts(all.among("old", []))).toEqual(["nameless"]);
  expect(texts(all.among("old", [""]))).toEqual(["nameless"]);
});

test("where one of them is not known, none is said to be all of them", () => {
  const all = announced(["trip", "a"], ["trip", "b"], ["old", undefined, "nameless"]);
  expect(all.among("trip", ["a", "x"])).toBeUndefined();
  expect(all.among("trip", ["a", undefined])).toBeUndefined();
  expect(all.among("old", [undefined])).toBeUndefined();
  expect(all.among("refund", [])).toBeUndefined();
  expect(all.lacks("trip", ["a", "b"])).toBe(false);
  expect(all.lacks("trip", ["a", "x"])).toBe(true);
  // What nobody has said can't be lacking.
  expect(all.lacks("trip", [undefined, "b"])).toBe(false);
  expect(all.lacks("refund", ["a"])).toBe(true);
  expect(all.lacks("refund", [])).toBe(false);
});

test("what nobody has said is not known, though an empty id were", () => {
  const all = announced(["old", undefined, "nameless"], ["old", "a"]);
  expect(all.among("old", ["a", undefined])).toBeUndefined();
  expect(texts(all.newest())).toEqual(["a"]);
});

test("of one name the fifty newest are kept, of other names all", () => {
  const many = Array.from({ length: 51 }, (_, index) => ["trip", `d${index}`] as const);
  const fifty = announced(["pay", "a"], ...many.slice(0, 50));
  expect(fifty.lacks("trip", ["d0"])).toBe(false);
  const more = announced(["pay", "a"], ...many);
  expect(more.lacks("trip", ["d0"])).toBe(true);
  expect(more.lacks("trip", ["d1", "d50"])).toBe(false);
  expect(more.lacks("pay", ["a"])).toBe(false);
});
