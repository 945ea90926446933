import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderedMap } from "../src/index.ts";
import { deepFreeze } from "./deep-freeze.ts";

type Change = { readonly key: string; readonly value: number | undefined };
type Tree = orderedMap.OrderedMap<string, number>;

const oddKeys = ["constructor", "__proto__", "", " ", "j1", "\u{1f3d4}", "\ud800"];
const key = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((n) => `j${n}`),
  fc.constantFrom(...oddKeys),
  fc.string({ maxLength: 4, unit: "binary" }),
);
const change: fc.Arbitrary<Change> = fc.record({ key, value: fc.option(fc.nat(), { nil: undefined }) });

function changed(map: Tree, { key, value }: Change): Tree {
  return value === undefined ? orderedMap.remove(map, key) : orderedMap.put(map, key, value);
}

function afterEach(changes: readonly Change[], holds: (map: Tree, model: Map<string, number>) => void): void {
  let map: Tree = null;
  const model = new Map<string, number>();
  for (const each of changes) {
    map = deepFreeze(changed(map, each));
    if (each.value === undefined) model.delete(each.key);
    else model.set(each.key, each.value);
    holds(map, model);
  }
}

function always(holds: (map: Tree, model: Map<string, number>) => void): void {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 80, size: "max" }), (changes) => afterEach(changes, holds)),
    { numRuns: 25 },
  );
}

function byLengthFirst(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

function depth(map: Tree): number {
  return map === null ? 0 : 1 + Math.max(depth(map.left), depth(map.right));
}

/** A map of n keys takes at most so many steps to the deepest: log to the base 4/3. */
function deepest(n: number): number {
  return Math.ceil(Math.log(n + 1) / Math.log(4 / 3)) + 1;
}

describe("An ordered map, after any changes,", () => {
  it("holds what a Map holds, in the order of its keys, and says how many", () => {
    always((map, model) => {
      const sorted = [...model].sort(([a], [b]) => byLengthFirst(a, b));
      expect(Array.from(orderedMap.entries(map), ({ key, value }) => [key, value])).toEqual(sorted);
      expect(orderedMap.keys(map)).toEqual(sorted.map(([key]) => key));
      expect(orderedMap.values(map)).toEqual(sorted.map(([, value]) => value));
      expect(orderedMap.size(map)).toBe(model.size);
      expect(orderedMap.first(map)?.key).toBe(sorted[0]?.[0]);
    });
  });

  it("finds what a Map finds, and nothing that every object has", () => {
    always((map, model) => {
      for (const key of [...model.keys(), ...oddKeys, "toString"]) {
        expect(orderedMap.get(map, key)).toBe(model.get(key));
        expect(orderedMap.has(map, key)).toBe(model.has(key));
      }
    });
  });

  it("is the same when it is written as JSON and read again", () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let map: Tree = null;
        let reread: Tree = null;
        for (const each of changes) {
          map = changed(map, each);
          reread = JSON.parse(JSON.stringify(changed(reread, each)));
        }
        expect(reread).toEqual(map);
      }),
    );
  });

  it("is never deep, in whatever order its keys come and go", () => {
    const rising = Array.from({ length: 300 }, (_, n) => ({ key: `j${n}`, value: n }));
    const falling = rising.toReversed();
    const gone = rising.map(({ key }) => ({ key, value: undefined }));
    for (const changes of [
      [...rising, ...gone.slice(0, 250)],
      [...falling, ...gone.toReversed().slice(0, 250)],
    ]) {
      afterEach(changes, (map) => expect(depth(map)).toBeLessThanOrEqual(deepest(orderedMap.size(map))));
    }
    always((map) => expect(depth(map)).toBeLessThanOrEqual(deepest(orderedMap.size(map))));
  });

  it("is balanced: no side is more than three times as heavy as the other", () => {
    const keys = Array.from({ length: 400 }, (_, n) => `j${n}`);
    const shuffled = fc.shuffledSubarray(keys, { minLength: 200 });
    fc.assert(
      fc.property(shuffled, shuffled, (there, gone) => {
        let map: Tree = null;
        for (const key of there) {
          map = orderedMap.put(map, key, 1);
          expectBalance(map);
        }
        for (const key of gone) expectBalance((map = orderedMap.remove(map, key)));
      }),
      { numRuns: 20 },
    );
    for (const order of [keys, keys.toReversed()]) {
      let map: Tree = null;
      for (const key of order) expectBalance((map = orderedMap.put(map, key, 1)));
      for (const key of order.slice(0, 380)) expectBalance((map = orderedMap.remove(map, key)));
    }
  });

  it("is balanced after every change, of few keys too", () => {
    const few = fc.array(fc.tuple(fc.nat(11), fc.boolean()), { maxLength: 60, size: "max" });
    fc.assert(
      fc.property(few, (changes) => {
        let map: Tree = null;
        for (let n = 0; n < 12; n++) map = orderedMap.put(map, `j${n}`, n);
        for (const [n, isThere] of changes) {
          map = changed(map, { key: `j${n}`, value: isThere ? n : undefined });
          expectBalance(map);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("shares with its earlier version all that did not change but log n", () => {
    let map: Tree = null;
    for (let n = 0; n < 5_000; n++) map = orderedMap.put(map, `j${n}`, n);
    const before = new Set(nodes(map));
    for (const after of [
      orderedMap.put(map, "j5000", 0),
      orderedMap.put(map, "j7", 0),
      orderedMap.remove(map, "j7"),
    ]) {
      const fresh = nodes(after).filter((node) => !before.has(node));
      expect(fresh.length).toBeLessThan(40);
    }
    for (const absent of ["not there", "", "j00", "j2500x", "zzzzzzzzz"])
      expect(orderedMap.remove(map, absent)).toBe(map);
  });
});

it("Numbers as keys come in the order of their size", () => {
  let map: orderedMap.OrderedMap<number, true> = null;
  for (const key of [10, 2, 33, -1, 0.5]) map = orderedMap.put(map, key, true);
  expect(orderedMap.keys(map)).toEqual([-1, 0.5, 2, 10, 33]);
});

it("A grouped map holds no empty group", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.boolean())), (changes) => {
      let map: orderedMap.GroupedMap<number, number, true> = null;
      const model = new Map<number, Set<number>>();
      for (const [group, key, isThere] of changes) {
        map = isThere ? orderedMap.putInto(map, group, key, true) : orderedMap.removeFrom(map, group, key);
        const keys = model.get(group) ?? new Set();
        if (isThere) keys.add(key);
        else keys.delete(key);
        model.set(group, keys);
        if (keys.size === 0) model.delete(group);
      }
      const held = Array.from(orderedMap.entries(map), ({ key, value }) => [key, orderedMap.keys(value)]);
      const expected = [...model].map(([group, keys]) => [group, [...keys].sort()]);
      expect(held).toEqual(expected.sort(([a], [b]) => Number(a) - Number(b)));
    }),
  );
});

it("A grouped map from which nothing is taken stays the same", () => {
  const map = orderedMap.putInto<number, number, true>(null, 1, 1, true);
  expect(orderedMap.removeFrom(map, 1, 2)).toBe(map);
  expect(orderedMap.removeFrom(map, 2, 1)).toBe(map);
});

function expectBalance(map: Tree): void {
  if (!isBalanced(map)) expect.fail(`It leans too far: ${JSON.stringify(map)}`);
}

function isBalanced(map: Tree): boolean {
  if (map === null) return true;
  const [left, right] = [orderedMap.size(map.left), orderedMap.size(map.right)];
  if (map.size !== 1 + left + right) return false;
  if (left + right > 1 && Math.max(left, right) > 3 * Math.min(left, right)) return false;
  return isBalanced(map.left) && isBalanced(map.right);
}

function nodes(map: Tree): object[] {
  return map === null ? [] : [map, ...nodes(map.left), ...nodes(map.right)];
}
