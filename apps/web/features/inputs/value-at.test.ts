import fc from "fast-check";
import { expect, test } from "vitest";
import { type Path, valueAt, withValueAt } from "./value-at.ts";

test("a part is put where it belongs, and the order of names stays", () => {
  const before = { a: 1, legs: [{ to: "LIS" }, { to: "CDG" }], z: 2 };
  expect(JSON.stringify(withValueAt(before, ["legs", 1, "to"], "OPO"))).toBe(
    '{"a":1,"legs":[{"to":"LIS"},{"to":"OPO"}],"z":2}',
  );
  expect(withValueAt(before, ["legs", 0], undefined)).toEqual({ a: 1, legs: [{ to: "CDG" }], z: 2 });
  expect(withValueAt(before, ["a"], undefined)).toEqual({ legs: before.legs, z: 2 });
  expect(withValueAt(undefined, ["flight", "to"], "LIS")).toEqual({ flight: { to: "LIS" } });
  expect(withValueAt("text", ["legs", 0], "LIS")).toEqual({ legs: ["LIS"] });
  expect(before.legs[1]).toEqual({ to: "CDG" });
});

test("a name that objects have by themselves is a name like any other", () => {
  expect(valueAt({}, ["constructor"])).toBeUndefined();
  const odd = withValueAt({}, ["__proto__"], { a: 1 });
  expect(JSON.stringify(odd)).toBe('{"__proto__":{"a":1}}');
  expect(valueAt(odd, ["__proto__", "a"])).toBe(1);
});

test("what was put at a place is found there, whatever was there before", () => {
  const anyPath = fc.array(fc.oneof(fc.string(), fc.constant(0)), { maxLength: 5 }) as fc.Arbitrary<Path>;
  fc.assert(
    fc.property(fc.jsonValue(), anyPath, fc.jsonValue(), (value, path, part) => {
      expect(valueAt(withValueAt(value, path, part), path)).toEqual(part);
    }),
  );
});
