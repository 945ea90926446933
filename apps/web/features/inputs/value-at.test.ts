import { expect, test } from "vitest";
import { valueAt } from "./value-at.ts";

test("a name that objects have by themselves is a name like any other", () => {
  expect(valueAt({}, ["constructor"])).toBeUndefined();
  expect(valueAt(JSON.parse('{"__proto__":{"a":1}}'), ["__proto__", "a"])).toBe(1);
});

test("where something else is in the way there is nothing", () => {
  const value = { legs: [{ to: "LIS" }], note: "text" };
  expect(valueAt(value, ["legs", 0, "to"])).toBe("LIS");
  expect(valueAt(value, ["legs", "0", "to"])).toBeUndefined();
  expect(valueAt(value, ["note", "length"])).toBeUndefined();
});
